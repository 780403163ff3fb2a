"""A journal that only remembers what it was told, in the same list as what is done to the host."""

from __future__ import annotations


class FakeJournal:
    """Stands for Journal where the host is a fake one."""

    def __init__(self, told, *, killed=""):
        self.told, self.killed, self.path = told, killed, ""

    def open(self):
        self.path = "/journal/run.jsonl"
        self.told.append("journal opened")

    def before(self, action, change, danger):
        self.told.append(f"journal {danger or 'step'}: {change.target if change else action}")

    def after(self):
        pass

    def close(self, how):
        self.told.append(f"journal closed: {how}")

    def look_around(self):
        pass

    def abandoned(self):
        return self.killed

    def settle(self):
        self.told.append("journal settled")

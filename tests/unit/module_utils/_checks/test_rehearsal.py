"""What sshd is asked in a rehearsal; what it then really answers is tested on a host with traps."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checks.accounts import Account
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.rehearsal import rehearsed
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.running_sshd import PID_FILE
from ansible_collections.groundwork.python_host.plugins.module_utils._checks.sshd import Viewpoint, effective
from ansible_collections.groundwork.python_host.plugins.module_utils._errors import CommandFailed
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import CommandResult
from tests.unit.fakes import FakeHost

MAIN = "/etc/ssh/sshd_config"
DROP_INS = "/etc/ssh/sshd_config.d"
OURS = f"{DROP_INS}/00-groundwork.conf"
ROOT = Viewpoint("root")


class Sshd(FakeHost):
    """An sshd that answers with its whole configuration as one text, each Include followed."""

    def query(self, argv, **words):
        if argv[0] != "sshd":
            return super().query(argv, **words)
        self.asked.append(" ".join(argv))
        main = argv[2] if argv[1] == "-f" else MAIN
        return CommandResult(tuple(argv), 0, "\n".join(self._lines(main)) + "\n")

    def _lines(self, path):
        for line in self.files[path].splitlines():
            keyword, _space, rest = line.strip().partition(" ")
            if keyword != "Include":
                yield line.strip()
            for name in rest.split() if keyword == "Include" else ():
                yield from self._lines(name) if name in self.files else ()


def host(main="Include /etc/ssh/sshd_config.d/*.conf\nUsePAM yes\n", **drop_ins):
    files = {f"{DROP_INS}/{name.replace('_', '-')}.conf": text for name, text in drop_ins.items()}
    names = tuple(sorted(path.rpartition("/")[2] for path in files))
    running = {PID_FILE: None, MAIN: main, OURS: None}
    return Sshd(files={**running, **files}, directories={DROP_INS: (*names, "README")})


def lines(reader):
    return [line for line in reader.query(ROOT.argv).stdout.splitlines() if line]


def test_our_file_stands_where_its_name_puts_it():
    found = rehearsed(host(b50="PasswordAuthentication yes\n"), {OURS: "PasswordAuthentication no\n"})
    assert lines(found) == ["PasswordAuthentication no", "PasswordAuthentication yes", "UsePAM yes"]
    assert found.read_text(OURS) == "PasswordAuthentication no\n"
    assert found.stat(OURS).kind == "file"


def test_our_file_can_be_rehearsed_away():
    there = host()
    there.files[OURS] = "PermitRootLogin no\n"
    there.directories[DROP_INS] = ("00-groundwork.conf", "README")
    found = rehearsed(there, {OURS: None})
    assert lines(found) == ["UsePAM yes"]
    assert (found.read_text(OURS), found.stat(OURS), found.listdir(DROP_INS)) == (None, None, ("README",))


def test_without_an_include_line_our_file_has_no_effect():
    assert lines(rehearsed(host("UsePAM yes\n"), {OURS: "PermitRootLogin no\n"})) == ["UsePAM yes"]


def test_what_changes_nothing_is_asked_of_the_host_itself():
    there = host()
    assert rehearsed(there, {OURS: None}) is there


def test_an_include_below_a_match_line_stays_below_it():
    there = host("UsePAM yes\nMatch User ann\n  Include  = more\nMatch all\n")
    there.files["/etc/ssh/more"] = "X11Forwarding no\n"
    assert lines(rehearsed(there, {OURS: "x\n"})) == ["UsePAM yes", "Match User ann", "X11Forwarding no", "Match all"]


def test_one_line_may_include_several_and_an_included_file_others():
    there = host('Include "more" /etc/ssh/none/*.conf /etc/ssh/sshd_config.d/*.conf\n')
    there.files["/etc/ssh/more"] = "Include /etc/ssh/deeper\n"
    there.files["/etc/ssh/deeper"] = "MaxSessions 0\n"
    there.stats["/etc/ssh/none"] = None
    assert lines(rehearsed(there, {OURS: "Port 2222\n"})) == ["MaxSessions 0", "Port 2222"]


def test_an_include_that_fits_nothing_still_has_its_argument():
    there = host("Include /etc/ssh/none/*.conf\nUsePAM yes\n")
    there.stats["/etc/ssh/none"] = None
    found = rehearsed(there, {OURS: "x\n"})
    assert lines(found) == ["UsePAM yes"]
    copy = next(text for path, text in there.files.items() if path.startswith("/scratch"))
    assert copy.startswith("Include /")


def test_a_file_that_includes_itself_is_left_to_sshd():
    there = host("Include /etc/ssh/more\n")
    there.files["/etc/ssh/more"] = "Include /etc/ssh/more\n"
    rehearsed(there, {OURS: "x\n"}).read_text(OURS)
    copies = _copies_after_a_question(there)
    assert any(text == "Include /etc/ssh/more\n" for text in copies.values())


def _copies_after_a_question(there):
    there.query = lambda argv, **words: CommandResult(tuple(argv), 0, "")
    rehearsed(there, {OURS: "x\n"}).query(("sshd", "-T"))
    return {path: text for path, text in there.files.items() if path.startswith("/scratch")}


def test_bytes_that_are_no_text_are_no_trouble():
    there = host("# caf\udce9\nBanner /caf\udce9\nUsePAM yes\n")
    copies = _copies_after_a_question(there)
    assert [text.encode() for text in copies.values()] == ["\nBanner /caf�\nUsePAM yes\n".encode()]


def test_a_complaint_names_the_real_file_and_its_line():
    there = host("# a comment\nBad yes\n")

    def refuse(argv, **_words):
        raise CommandFailed(argv, rc=255, stdout="", stderr=f"{argv[2]}: line 2: Bad configuration option: Bad")

    there.query = refuse
    with pytest.raises(CommandFailed, match="/etc/ssh/sshd_config: line 2: Bad") as caught:
        effective(rehearsed(there, {OURS: "x\n"}), ROOT)
    assert "scratch" not in str(caught.value)


def test_every_other_question_goes_to_the_host():
    there = host()
    there.answers = {"id -u": "0\n"}
    assert rehearsed(there, {OURS: "x\n"}).query(("id", "-u")).stdout == "0\n"


def test_sshd_is_asked_once_for_each_login():
    there = host()
    found = rehearsed(there, {OURS: "x\n"})
    for _time in range(2):
        effective(found, ROOT)
        effective(found, Viewpoint("deploy"))
    assert len(there.asked) == 2


def test_without_a_configuration_sshd_says_so_itself():
    there = host()
    there.files[MAIN] = None
    there.query = lambda argv, **words: CommandResult(tuple(argv), 0, " ".join(argv))
    assert rehearsed(there, {OURS: "x\n"}).query(("sshd", "-t")).stdout == f"sshd -f {MAIN} -t"


NEW = Account("deploy", -1, -1, "/home/deploy", "/bin/bash", ("sudo",))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Match Group sudo", "Match User deploy"),
        ("Match group deploy Address 10.0.0.0/8", "Match User deploy Address 10.0.0.0/8"),
        ('Match Address 10.0.0.0/8 Group="x,su*"', "Match Address 10.0.0.0/8 User deploy"),
        ("Match Group adm", "Match Group adm"),
        ("Match Group !sudo,d*", "Match Group !sudo,d*"),
        ("Match User ann", "Match User ann"),
        ("Match all", "Match all"),
    ],
)
def test_the_groups_of_an_account_that_is_yet_to_be_made_count_for_it_alone(line, told):
    found = rehearsed(host(f"{line}\nForceCommand /bin/date\n"), {}, NEW)
    assert lines(found)[0] == line
    assert found.query(Viewpoint("deploy").argv).stdout.splitlines()[0] == told

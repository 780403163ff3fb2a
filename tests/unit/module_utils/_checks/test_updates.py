from __future__ import annotations

import pytest

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.model import Status
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import updates
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.model import Platform
from tests.unit.module_utils._checks.worlds import (
    DEBIAN,
    UBUNTU,
    check,
    context,
    fresh,
    look,
    prepared,
    put,
    raw,
    units,
)
from tests.unit.module_utils._platform.hosts import fixture

DUMP, POLICY = "apt-config dump", "apt-cache policy"
ALLOWED = "Unattended-Upgrade::Allowed-Origins"
PATTERN = "Unattended-Upgrade::Origins-Pattern"
OWN_FILE_ONLY = raw("prepared/apt-config-dump.txt")
ON = "enabled active"


def says(dump=OWN_FILE_ONLY, policy=None):
    return {DUMP: dump, POLICY: policy or raw("prepared/apt-cache-policy.txt")}


def allowing(*origins, key=ALLOWED):
    return says("".join(f'{key}:: "{origin}";\n' for origin in origins))


def periodic(update, upgrade):
    return says(f'APT::Periodic::Update-Package-Lists "{update}";\nAPT::Periodic::Unattended-Upgrade "{upgrade}";\n')


@pytest.mark.parametrize(
    ("_case", "answers", "status", "words"),
    [
        ("as made by us", {}, Status.PASS, []),
        ("as the package makes it", periodic("1", "1"), Status.PASS, []),
        ("every week", periodic("7", "7"), Status.PASS, []),
        ("not told to install", periodic("1", "0"), Status.FAIL, ["Unattended-Upgrade is 0"]),
        ("not told to fetch", periodic("0", "1"), Status.FAIL, ["Update-Package-Lists is 0"]),
        (
            "the whole daily run is off",
            says(f'{OWN_FILE_ONLY}APT::Periodic::Enable "0";\n'),
            Status.FAIL,
            ["APT::Periodic::Enable is 0"],
        ),
        ("told nothing", says(raw("fresh/apt-config-dump.txt")), Status.FAIL, ["is not set"]),
        (
            "told otherwise by another file",
            says(raw("security-origin-missing/apt-config-dump.txt")),
            Status.FAIL,
            ["is 0"],
        ),
        (
            "a timer is off",
            units(apt_daily_timer=ON, apt_daily_upgrade_timer="enabled inactive"),
            Status.FAIL,
            ["apt-daily-upgrade.timer is off"],
        ),
        (
            "a timer is masked",
            units(apt_daily_timer="masked inactive", apt_daily_upgrade_timer=ON),
            Status.FAIL,
            ["apt-daily.timer is masked", "systemctl unmask"],
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_updates_run(_case, answers, status, words):
    found = look("UPD-001", put(prepared(), answers=answers))
    assert found.status is status
    assert [word for word in words if word not in found.observed] == []


@pytest.mark.parametrize(
    ("_case", "answers", "status", "words"),
    [
        ("as made by us", {}, Status.PASS, []),
        ("with its variables", allowing("${distro_id}:${distro_codename}-security"), Status.PASS, []),
        ("written out", allowing("Ubuntu:jammy-security"), Status.PASS, []),
        ("the release only", says(raw("security-origin-missing/apt-config-dump.txt")), Status.FAIL, ["suite=jammy"]),
        (
            "a missing semicolon",
            says(raw("missing-semicolon/apt-config-dump.txt")),
            Status.FAIL,
            ["suite=jammy-updates"],
        ),
        ("the next release's", allowing("Ubuntu:noble-security"), Status.FAIL, ["noble-security"]),
        ("another distribution's", allowing("Debian:jammy-security"), Status.FAIL, ["Debian"]),
        ("nothing", says(""), Status.FAIL, ["nothing"]),
        ("by a pattern", allowing("origin=Ubuntu,archive=jammy-security", key=PATTERN), Status.PASS, []),
        ("by a pattern in short", allowing("o=Ubuntu, a=jammy-security", key=PATTERN), Status.PASS, []),
        ("by a wide pattern", allowing("o=Ubuntu,a=*-security", key=PATTERN), Status.PASS, []),
        (
            "by a pattern that asks for more",
            allowing("o=Ubuntu,a=jammy-security,l=Other", key=PATTERN),
            Status.FAIL,
            [],
        ),
        ("by a pattern with a strange field", allowing("o=Ubuntu,site=example.org", key=PATTERN), Status.FAIL, []),
        ("by a pattern that is none", allowing("jammy-security", key=PATTERN), Status.FAIL, ["nothing"]),
        ("without apt's lists", says(policy=raw("fresh/apt-cache-policy.txt")), Status.FAIL, ["no such archive"]),
    ],
    ids=lambda value: str(value)[:40],
)
def test_the_security_archive_is_allowed(_case, answers, status, words):
    found = look("UPD-002", put(prepared(), answers=answers))
    assert found.status is status
    assert [word for word in words if word not in found.observed] == []


@pytest.mark.parametrize("check_id", ["UPD-001", "UPD-002"])
def test_another_family_does_it_in_another_way(check_id):
    host = prepared()
    assert look(check_id, host, context(platform=Platform("alpine"))).status is Status.NOT_APPLICABLE
    assert host.asked == []


@pytest.mark.parametrize("check_id", ["UPD-001", "UPD-002"])
def test_a_fresh_host_has_no_automatic_updates(check_id):
    found = look(check_id, fresh())
    assert (found.status, "not installed" in found.observed) == (Status.FAIL, True)


@pytest.mark.parametrize(
    ("origins", "status"),
    [
        (fixture("debian-12/apt-config-dump.txt"), Status.PASS),
        (f'{PATTERN}:: "origin=Debian,codename=${{distro_codename}}-updates";\n', Status.FAIL),
    ],
)
def test_debians_own_patterns_fit_debians_archive(origins, status):
    host = put(prepared(), answers=says(origins, fixture("debian-12/apt-cache-policy.txt")))
    assert look("UPD-002", host, context(platform=DEBIAN)).status is status


def test_a_missing_semicolon_makes_one_entry_of_two_and_unattended_upgrades_reads_its_value():
    """Seen on the host: `unattended-upgrade --dry-run -v` says `Allowed origins are: o=Ubuntu,a=jammy-updates`."""
    values = updates.parse_apt_configuration(raw("missing-semicolon/apt-config-dump.txt"))
    assert updates.allowed_origins(values, UBUNTU) == ({"origin": "Ubuntu", "suite": "jammy-updates"},)


def test_the_value_of_such_an_entry_counts_when_it_is_the_security_archive():
    dump = f'{ALLOWED}::Ubuntu:jammy "Ubuntu:jammy-security";\n'
    assert look("UPD-002", put(prepared(), answers=says(dump))).status is Status.PASS


def test_apts_configuration_is_read_by_name_with_lists_in_order():
    values = updates.parse_apt_configuration(
        'A "";\nA::B "x";\nA::L "";\nA::L:: "1";\nA::L:: "2; \\"3\\"";\nnonsense\n'
    )
    assert values == {"A": ("",), "A::B": ("x",), "A::L": ("", "1", '2; \\"3\\"')}


def test_an_origin_may_hold_an_escaped_colon():
    values = {ALLOWED: (r"Foo\: Bar:stable",)}
    assert updates.allowed_origins(values, UBUNTU) == ({"origin": "Foo: Bar", "suite": "stable"},)


def test_the_archives_that_apt_knows_are_told_once():
    assert updates.Archive("Ubuntu", "jammy-security", "Ubuntu", "jammy", "main") in updates.parse_policy(
        raw("prepared/apt-cache-policy.txt")
    )
    assert len(set(updates.parse_policy(raw("prepared/apt-cache-policy.txt")))) == len(
        updates.parse_policy(raw("prepared/apt-cache-policy.txt"))
    )


def settings(check_id, **options):
    return {setting.key: setting.value for setting in check(check_id).settings(prepared(), context(**options))}


def test_the_users_wishes_are_in_the_settings():
    wished = settings(
        "UPD-001", update_reboot="when-needed", update_mail="ops@example.org", update_exclude=("linux-.*",)
    )
    text = "\n".join(wished.values())
    for line in (
        'APT::Periodic::Enable "1";',
        'APT::Periodic::Unattended-Upgrade "1";',
        'Unattended-Upgrade::Automatic-Reboot "true";',
        'Unattended-Upgrade::Mail "ops@example.org";',
        '    "linux-.*";',
    ):
        assert line in text


def test_without_wishes_nothing_is_excluded_mailed_or_rebooted():
    text = "\n".join(settings("UPD-001").values())
    assert 'Automatic-Reboot "false"' in text
    assert "Mail" not in text
    assert "Blacklist" not in text


@pytest.mark.parametrize(("platform", "origin"), [(UBUNTU, "-security"), (DEBIAN, "label=Debian-Security")])
def test_the_security_archive_is_added_in_the_words_of_the_distribution(platform, origin):
    assert origin in "\n".join(settings("UPD-002", platform=platform).values())


def test_timers_that_are_off_are_turned_on():
    host = put(prepared(), answers=units(apt_daily_timer=ON, apt_daily_upgrade_timer="disabled inactive"))
    (action,) = check("UPD-001").remedy(host, context())
    assert action.argv == ("systemctl", "enable", "--now", "apt-daily-upgrade.timer")
    assert (action.change.before, action.change.after) == ("disabled, inactive", "enabled, active")

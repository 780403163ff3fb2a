"""What FreeBSD's cron, periodic, pkg, freebsd-update and ntpd are asked, on a fresh host and on a prepared one."""

from __future__ import annotations

from ansible_collections.groundwork.python_host.plugins.module_utils._checklist.configuration import render_crontab
from ansible_collections.groundwork.python_host.plugins.module_utils._checks import crontabs, ntpd, periodic, update_job
from ansible_collections.groundwork.python_host.plugins.module_utils._host.port import FileStat
from ansible_collections.groundwork.python_host.plugins.module_utils._platform.vulnerabilities import LIST, OSV_LIST
from tests.unit.module_utils._checks.freebsd_worlds import FREEBSD_14, FREEBSD_15, on_freebsd, services
from tests.unit.module_utils._checks.worlds import failed, put
from tests.unit.module_utils._platform.hosts import fixture

CRONTAB, LOCAL = crontabs.SYSTEM, crontabs.DIRECTORIES[1]
JOB, JOB_CRONTAB = update_job.PATH, update_job.CRONTAB_PATH
PKG, SHOWCONFIG, READY = "pkg -vv", "freebsd-update showconfig", "freebsd-update updatesready"
IS_BASE_PACKAGED = "pkg which -q /usr/bin/uname"
RV = " ".join(ntpd.VARIABLES)


def asking_for_variables(files):
    """sysrc asked for what these files say about the audit."""
    words = (word for path in files for word in ("-f", path))
    return " ".join(("sysrc", *words, "-i", *periodic.WANTED, periodic.OLD_NAME))


PERIODIC, LATER = asking_for_variables(periodic.FILES), asking_for_variables(periodic.LATER)
BASE = dict.fromkeys(("/etc/rc.d/cron", "/etc/rc.d/ntpd"), FileStat("file", 0o555, "root", "wheel"))
NO_OTHERS = {f"{ntpd.SCRIPTS}/{name}": None for name in ntpd.OTHERS}
# Of the day before that of the tests (2026-11-22).
YOUNG_LIST = FileStat("file", 0o644, "root", "wheel", modified=1795305600 - 86400)
LISTS = {LIST: YOUNG_LIST, OSV_LIST: None}
PROGRAM = FileStat("file", 0o755, "root", "wheel")


def said(name, version="14.5"):
    return fixture(f"freebsd-{version}/updates/{name}")


def crontab_of(**options):
    """The whole crontab that these wishes come to."""
    lines = sorted(update_job.settings(on_freebsd(**options).options), key=lambda setting: setting.key)
    return render_crontab([setting for setting in lines if setting.file == update_job.CRONTAB])


def host_with(host, platform=FREEBSD_14):
    """What every host has: cron, its crontab, periodic, repositories; nothing of ours, and ntpd off."""
    is_packaged = platform is FREEBSD_15
    return put(
        host,
        answers={
            **services(cron="enabled running", ntpd="disabled stopped"),
            "sysrc -i -n ntpd_enable": "NO\n",
            "sysrc -i -n ntpd_sync_on_start": "NO\n",
            "sysrc -i -n cron_enable": "YES\n",
            f"sh -n {JOB}": "",
            PKG: said("pkg-vv.txt", platform.version),
            IS_BASE_PACKAGED: "FreeBSD-runtime-15.1p2\n" if is_packaged else failed(1),
            "uname -r": f"{platform.version}-RELEASE-p1\n",
            SHOWCONFIG: said("showconfig.txt"),
            READY: failed(2, stdout=said("updatesready-none.txt")),
            PERIODIC: said("sysrc-periodic.txt"),
            LATER: failed(1),
        },
        files={CRONTAB: said("crontab", platform.version), crontabs.ROOTS_OWN: None, JOB: None, JOB_CRONTAB: None},
        directories={crontabs.DIRECTORIES[0]: ()},
        stats={
            **BASE,
            **NO_OTHERS,
            LIST: YOUNG_LIST,
            OSV_LIST: None,
            LOCAL: None,
            periodic.SECURITY: PROGRAM,
            periodic.AUDIT: PROGRAM,
        },
    )


def prepared_with(host, platform=FREEBSD_14):
    """The same with our job, and a clock that ntpd has set."""
    return put(
        host_with(host, platform),
        answers={**services(ntpd="enabled running"), RV: said("ntpq-rv-synchronised.txt")},
        files={JOB: update_job.SCRIPT, JOB_CRONTAB: crontab_of()},
        directories={LOCAL: (".keep", "groundwork-updates")},
        stats={JOB: PROGRAM, LOCAL: FileStat("directory", 0o755, "root", "wheel")},
    )

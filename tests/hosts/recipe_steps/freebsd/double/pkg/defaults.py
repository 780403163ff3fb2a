"""The keys of pkg.conf(5) in the order in which pkg knows them, with their defaults, which say the types, too.

Source: freebsd/pkg:libpkg/pkg_config.c, the table `c[]`, in the copy that has TRACK_LINUX_COMPAT_SHLIBS at its end.
That copy reads OSVF_SITE; the pkg 2.8 that os_facts 2.3 [R] tells of still asks for a vulnxml file, so it is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..places import release

if TYPE_CHECKING:
    from .ucl import Value

VERSION = "2.8.0"


def defaults() -> dict[str, Value]:
    major = release().version.partition(".")[0]
    return {
        "PKG_DBDIR": "/var/db/pkg",
        "PKG_CACHEDIR": "/var/cache/pkg",
        "PORTSDIR": "/usr/ports",
        "INDEXDIR": "",
        "INDEXFILE": f"INDEX-{major}",
        "HANDLE_RC_SCRIPTS": False,
        "DEFAULT_ALWAYS_YES": False,
        "ASSUME_ALWAYS_YES": False,
        "REPOS_DIR": ["/etc/pkg/", "/usr/local/etc/pkg/repos/"],
        "PLIST_KEYWORDS_DIR": "",
        "SYSLOG": True,
        "DEVELOPER_MODE": False,
        "VULNXML_SITE": "https://vuxml.freebsd.org/freebsd/vuln.xml.xz",
        "FETCH_RETRY": 3,
        "PKG_PLUGINS_DIR": "/usr/local/lib/pkg/",
        "PKG_ENABLE_PLUGINS": True,
        "PLUGINS": [],
        "DEBUG_SCRIPTS": False,
        "PLUGINS_CONF_DIR": "/usr/local/etc/pkg/",
        "PERMISSIVE": False,
        "REPO_AUTOUPDATE": True,
        "NAMESERVER": "",
        "HTTP_USER_AGENT": f"pkg/{VERSION}",
        "EVENT_PIPE": "",
        "FETCH_TIMEOUT": 30,
        "UNSET_TIMESTAMP": False,
        "SSH_RESTRICT_DIR": "",
        "PKG_ENV": {},
        "PKG_SSH_ARGS": "",
        "DEBUG_LEVEL": 0,
        "ALIAS": {},
        "CUDF_SOLVER": "",
        "SAT_SOLVER": "",
        "RUN_SCRIPTS": True,
        "CASE_SENSITIVE_MATCH": True,
        "LOCK_WAIT": 1,
        "LOCK_RETRIES": 5,
        "SQLITE_PROFILE": False,
        "WORKERS_COUNT": 0,
        "READ_LOCK": False,
        "IP_VERSION": 0,
        "AUTOMERGE": True,
        "MERGETOOL": "",
        "VERSION_SOURCE": "",
        "CONSERVATIVE_UPGRADE": True,
        "FORCE_CAN_REMOVE_VITAL": True,
        "PKG_CREATE_VERBOSE": False,
        "AUTOCLEAN": False,
        "DOT_FILE": "",
        "DEBUG_SCHEDULER_DOT_FILE": "",
        "REPOSITORIES": {},
        "VALID_URL_SCHEME": ["pkg+http", "pkg+https", "https", "http", "file", "ssh", "tcp"],
        "WARN_SIZE_LIMIT": 1048576,
        "METALOG": "",
        "IGNORE_OSVERSION": False,
        "BACKUP_LIBRARIES": False,
        "BACKUP_LIBRARY_PATH": "/usr/local/lib/compat/pkg",
        "PKG_TRIGGERS_DIR": ["/usr/share/pkg/triggers/", "/usr/local/share/pkg/triggers"],
        "PKG_TRIGGERS_ENABLE": True,
        "AUDIT_IGNORE_GLOB": [],
        "AUDIT_IGNORE_REGEX": [],
        "COMPRESSION_FORMAT": "",
        "COMPRESSION_LEVEL": -1,
        "REPO_ACCEPT_LEGACY_PKG": False,
        "FILES_IGNORE_GLOB": [],
        "FILES_IGNORE_REGEX": [],
        "SHLIB_PROVIDE_PATHS_NATIVE": [],
        "SHLIB_PROVIDE_PATHS_COMPAT_32": [],
        "SHLIB_PROVIDE_PATHS_COMPAT_LINUX": [],
        "SHLIB_PROVIDE_PATHS_COMPAT_LINUX_32": [],
        "SHLIB_PROVIDE_IGNORE_GLOB": [],
        "SHLIB_PROVIDE_IGNORE_REGEX": [],
        "SHLIB_REQUIRE_IGNORE_GLOB": [],
        "SHLIB_REQUIRE_IGNORE_REGEX": [],
        "PKG_DEBUG_FLAGS": ["all"],
        "COMPRESSION_THREADS": -1,
        "PKG_REINSTALL_ON_OPTIONS_CHANGE": True,
        "TRACK_LINUX_COMPAT_SHLIBS": False,
    }

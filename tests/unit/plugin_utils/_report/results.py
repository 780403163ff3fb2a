"""A role's result as it stands in `python_host_result`, with something of everything."""

from __future__ import annotations

from typing import Any

RESULT: dict[str, Any] = {
    "os": {
        "name": "ubuntu",
        "version": "22.04",
        "pretty_name": "Ubuntu 22.04.5 LTS",
        "support": {"status": "supported", "until": "2027-06-01", "extended_until": "2032-04-21"},
    },
    "packages": {
        "changes": [
            {
                "kind": "packages",
                "target": "apt",
                "before": "fail2ban absent\nsudo 1.9.9-1",
                "after": "fail2ban 0.11.2-6\nsudo 1.9.9-1ubuntu2.7",
            }
        ]
    },
    "security": {
        "score": 87.5,
        "handover": {"user": "deploy", "port": 2222},
        "summary": {"pass": 1, "fixed": 1, "fail": 1, "unknown": 0},
        "changes": [{"kind": "file", "target": "/etc/x", "before": "absent", "after": "written"}],
        "ssh": {
            "deploy": {"port": "22 2222", "permitrootlogin": "no"},
            "root": {"port": "22 2222", "permitrootlogin": "no", "maxauthtries": 6},
        },
        "findings": [
            {
                "id": "SSH-001",
                "title": "Root cannot log in over SSH",
                "severity": "high",
                "before": "fail",
                "status": "fixed",
            },
            {
                "id": "SSH-002",
                "title": "Passwords are not accepted over SSH",
                "severity": "high",
                "before": "fail",
                "status": "fail",
                "observed": "passwordauthentication yes",
                "expected": "no",
                "evidence": "sshd -T\n-C user=root",
                "remedy": "set python_host_admin_authorized_keys",
            },
            {"id": "TIME-001", "title": "The clock is synchronised", "severity": "medium", "status": "pass"},
        ],
    },
    "python": {
        "interpreter": "/usr/bin/python3.10",
        "version": "3.10.12",
        "venv": "/srv/app/current/venv",
        "release": "/srv/app/releases/2",
        "previous": None,
        "changes": [],
    },
}

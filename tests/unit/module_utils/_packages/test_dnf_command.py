from __future__ import annotations

from ansible_collections.groundwork.python_host.plugins.module_utils._packages import dnf_command
from ansible_collections.groundwork.python_host.plugins.module_utils._packages.dnf_command import Settings

COMMAND = dnf_command.with_options(("--setopt=best=True",), ("install", "app=1:2.0-1", "/tmp/a=b.rpm"))
BOTH = dnf_command.joined([("install", "app=2.0"), ("upgrade", "--security")])


def test_a_simulation_says_yes_to_all_but_the_transaction():
    argv = dnf_command.simulate(Settings(3600), COMMAND)
    assert argv[:2] == ("dnf", "-y")
    assert "--assumeno" in argv
    assert argv[-4:] == ("--setopt=best=True", "install", "app-1:2.0-1", "/tmp/a=b.rpm")


def test_a_transaction_uses_the_metadata_of_its_simulation():
    argv = dnf_command.transact(Settings(3600), COMMAND)
    assert "--setopt=*.metadata_expire=-1" in argv
    assert "--assumeno" not in argv


def test_no_call_waits_without_limit_or_removes_what_came_along_or_leaves_signatures_unchecked():
    for argv in (
        dnf_command.simulate(Settings(), COMMAND),
        dnf_command.transact(Settings(), COMMAND),
        dnf_command.ask(Settings(), "repoquery"),
    ):
        assert "--setopt=exit_on_lock=True" in argv
        assert "--setopt=clean_requirements_on_remove=False" in argv
        assert not any("gpgcheck" in word or "nosignature" in word for word in argv)


def test_recommended_packages_are_left_out_unless_they_are_asked_for():
    assert "--setopt=install_weak_deps=False" in dnf_command.options(Settings())
    assert "--setopt=install_weak_deps=True" in dnf_command.options(Settings(install_recommends=True))


def test_metadata_that_may_not_be_old_at_all_is_fetched_anew():
    assert "--refresh" in dnf_command.options(Settings(0))
    assert "--refresh" not in dnf_command.options(Settings(1))
    assert "--setopt=*.metadata_expire=2000000" in dnf_command.options(Settings(2000000))


def test_several_commands_are_one_transaction_of_the_shell():
    assert dnf_command.is_several(BOTH)
    assert dnf_command.script(BOTH) == "install app-2.0\nupgrade --security\n"
    chosen = dnf_command.with_options(("--exclude=x",), BOTH)
    assert dnf_command.simulate(Settings(), chosen, path="/script")[-3:] == ("--exclude=x", "shell", "/script")
    assert dnf_command.script(chosen) == dnf_command.script(BOTH)


def test_what_goes_first_stands_behind_the_options():
    assert dnf_command.before(("install", "epel-release"), ("--exclude=x", "install", "app")) == (
        "--exclude=x",
        "install",
        "epel-release",
        ";",
        "install",
        "app",
    )
    assert dnf_command.verb(COMMAND) == "install"


def test_options_alone_are_no_command():
    assert dnf_command.with_options(("--setopt=best=True",), ()) == ()


def test_no_setting_of_the_host_hides_what_dnf_cannot_install_or_its_table():
    for argv in (dnf_command.simulate(Settings(), COMMAND), dnf_command.transact(Settings(), COMMAND)):
        assert {"--setopt=strict=True", "--setopt=color=never"} <= set(argv)
    assert "--setopt=debuglevel=2" in dnf_command.simulate(Settings(), COMMAND)


def test_an_architecture_stands_behind_the_version():
    assert dnf_command.specification("glibc.i686=2.34-100.el9") == "glibc-2.34-100.el9.i686"
    assert dnf_command.specification("glibc.i686") == "glibc.i686"
    assert dnf_command.specification("python3.12=3.12.1-2") == "python3.12-3.12.1-2"

#!/bin/sh
# Finds a Python that Ansible's modules can run on, or installs one: `sh python.sh look|install MINOR [WANTED]`.
#
# It runs on hosts where no module can run yet, so it is plain sh and one file. 3.MINOR is the oldest Python that will
# do; WANTED is the one that the inventory names, and then no other will do while it can be had. The answer is one line
# before those about the login (groundwork_uid=NUMBER, groundwork_sudo=PATH or nothing):
#   groundwork_python=PATH       what Ansible can use
#   groundwork_packages=NAMES    there is none, and the package tool would be asked for the first of these that it has
#   groundwork_problem=SENTENCE  there is none, and why none can be installed
# `look` changes nothing.
set -u
LC_ALL=C
export LC_ALL

task=$1
oldest=$2
wanted=${3:-}
newest=14
# The exit code of timeout(1), which the next package would only come to again.
timed_out=124

# Whether Ansible's modules can run on it: old enough systems have a Python that is too old, and minimal ones a part of
# the standard library. The name may be a command with arguments, such as `/usr/bin/env python3`.
is_usable() {
    # shellcheck disable=SC2086 # split on purpose
    $1 -c "import json, sys, subprocess, zipfile; sys.exit(sys.version_info[:2] < (3, $oldest))" </dev/null >/dev/null 2>&1
}

# The system's own comes first, since only that has the bindings that other collections' modules may want. Enterprise
# Linux's platform-python is no candidate: it belongs to the system's tools.
candidates() {
    echo /usr/bin/python3 /usr/local/bin/python3
    minor=$newest
    while [ "$minor" -ge "$oldest" ]; do
        echo "/usr/bin/python3.$minor /usr/local/bin/python3.$minor"
        minor=$((minor - 1))
    done
}

# Behind /usr/local/bin/python3 is the Python that it leads to: on FreeBSD a package of its own makes this link, which may
# come and go while the Python stays.
named() {
    case $1 in
    /usr/local/bin/python3) realpath "$1" 2>/dev/null || echo "$1" ;;
    *) echo "$1" ;;
    esac
}

find_any() {
    for candidate in $(candidates); do
        if [ -x "$candidate" ] && is_usable "$candidate"; then
            named "$candidate"
            return 0
        fi
    done
    return 1
}

find_python() {
    if [ -z "$wanted" ]; then
        find_any
    elif is_usable "$wanted"; then
        echo "$wanted"
    else
        return 1
    fi
}

# A line for each package tool, in the order in which they are looked for.
tool() {
    for name in dnf microdnf apt-get pkg; do
        if command -v "$name" >/dev/null 2>&1; then
            echo "$name"
            return 0
        fi
    done
    return 1
}

system() {
    # shellcheck disable=SC1091 # it is the host's
    (. /etc/os-release && echo "${PLATFORM_ID:-$ID}") 2>/dev/null
}

# The packages to try, by package tool and system: Enterprise Linux 8 calls a Python that is too old python3. FreeBSD's
# package python3.12 is called python312, and its default one is what the port lang/python3 depends on.
packages() {
    case $1:${wanted##*/} in
    pkg:python3.[0-9]*) echo "${wanted##*/}" | tr -d . ;;
    *:python3.[0-9]*) echo "${wanted##*/}" ;;
    esac
    case $1:$(system) in
    dnf:platform:el8 | microdnf:platform:el8) echo python3.12 python3.11 python39 ;;
    dnf:* | microdnf:*) echo python3 python3.12 python3.11 ;;
    apt-get:*) echo python3 python3.9 ;;
    pkg:*) echo lang/python3 ;;
    esac
}

# Another package tool may be at work, and dnf waits for it without end. In the background, apt-get would be stopped by
# the terminal that Ansible's connection has.
bounded() {
    if command -v timeout >/dev/null 2>&1; then
        timeout --foreground 900 "$@" </dev/null
    else
        "$@" </dev/null
    fi
}

# pkg.conf's keys are variables of its environment, too (pkg.conf(5) of freebsd/pkg).
run_pkg() {
    bounded env ASSUME_ALWAYS_YES=yes LOCK_RETRIES=300 pkg "$@" 2>&1
}

# A fresh FreeBSD has but a stand-in for pkg, which `pkg -N` tells without installing it (usr.sbin/pkg/pkg.c).
refresh_pkg() {
    { pkg -N </dev/null >/dev/null 2>&1 || run_pkg bootstrap; } && run_pkg update
}

# The Python that FreeBSD's packages are built for at present; its number is in its name.
default_python() {
    pkg rquery -U -e '%o = lang/python3' '%dn' </dev/null 2>/dev/null | grep '^python3[0-9]' | head -n 1
}

refresh() {
    case $1 in
    apt-get) bounded apt-get -q -o DPkg::Lock::Timeout=300 update 2>&1 ;;
    pkg) refresh_pkg ;;
    *) : ;;
    esac
}

install_one() {
    case $1 in
    dnf) bounded dnf -y --setopt=install_weak_deps=False install "$2" 2>&1 ;;
    microdnf) bounded microdnf -y --setopt=install_weak_deps=0 install "$2" 2>&1 ;;
    apt-get)
        DEBIAN_FRONTEND=noninteractive bounded \
            apt-get -y -q -o DPkg::Lock::Timeout=300 --no-install-recommends install "$2" 2>&1
        ;;
    pkg)
        default=
        [ "$2" != lang/python3 ] || default=$(default_python)
        run_pkg install -y "${default:-$2}"
        ;;
    esac
}

answer() {
    echo "groundwork_$1=$2"
    echo "groundwork_uid=$(id -u)"
    echo "groundwork_sudo=$(command -v sudo)"
    exit 0
}

# The tool's own last words, on one line.
words() {
    printf '%s\n' "$1" | tr '\r' '\n' | grep -v '^[[:space:]]*$' | tail -n 3 | tr '\n' ' ' | sed 's/ *$//'
}

is_unknown_package() {
    case $1 in
    *"Unable to find a match"* | *"No package matches"* | *"Unable to locate package"*) return 0 ;;
    *"no installation candidate"* | *"No packages available to install matching"*) return 0 ;;
    esac
    return 1
}

is_about_the_network() {
    case $1 in
    *"Could not resolve"* | *"Failed to download metadata"* | *"Cannot download"* | *"Failed to fetch"*) return 0 ;;
    *"Temporary failure"* | *"Curl error"* | *"onnection refused"* | *"timed out"*) return 0 ;;
    *"Unable to update repository"* | *"Error fetching"* | *"does not resolve"* | *"No address record"*) return 0 ;;
    esac
    return 1
}

# Arguments: the tool, and what it said where it failed otherwise than by not knowing a package.
explain() {
    if [ -z "$2" ]; then
        answer problem "none of the packages $names is in the repositories of $1. Enable one that has it (AppStream on Enterprise Linux)"
    elif is_about_the_network "$2"; then
        answer problem "$1 cannot reach its repositories. Check the host's network, name servers and proxy. It says: $(words "$2")"
    fi
    answer problem "$1 could not install any of $names. It says: $(words "$2")"
}

python=$(find_python) && answer python "$python"
tool=$(tool) || answer problem "there is no package tool that could install one (dnf, microdnf, apt-get, pkg). Install one by hand"
names=$(packages "$tool" | tr '\n' ' ')
names=${names% }
[ "$task" = install ] || answer packages "$names"
[ "$(id -u)" = 0 ] || answer problem "installing one needs root, and this login is $(id -un). Set become: true"

trouble=$(refresh "$tool")
# apt-get ends well where a part of its lists could not be fetched.
is_about_the_network "$trouble" || trouble=
for name in $names; do
    output=$(install_one "$tool" "$name")
    ended=$?
    if [ "$ended" = "$timed_out" ]; then
        answer problem "$tool was stopped after 15 minutes. If another package tool is at work, wait until it has ended. $tool says: $(words "$output")"
    elif [ "$ended" = 0 ]; then
        python=$(find_python || find_any) && answer python "$python"
        output="$name is installed, and no Python 3.$oldest or newer came with it"
    fi
    is_unknown_package "$output" || trouble=${trouble:-$output}
done
explain "$tool" "$trouble"

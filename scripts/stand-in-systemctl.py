#!/usr/bin/env python3
"""Stands in for systemctl where no systemd runs, as in a container: `start` does by hand what a service of quotawatch says, with
its drop-ins, as far as that is a user of its own, a state directory, credentials, variables and exit codes. What shuts the service
out of the machine is not tried."""

import os
import pathlib
import shlex
import shutil
import subprocess
import sys

FOLDERS = [pathlib.Path("/etc/systemd/system"), pathlib.Path("/usr/lib/systemd/system")]
# Of the range that systemd takes for DynamicUser=.
UID = 61_184


def settings(unit):
    """What a unit and its drop-ins say, in their order."""
    file = next((folder / unit for folder in FOLDERS if (folder / unit).exists()), None)
    if file is None:
        sys.exit(f"Unit {unit} not found.")
    files = [file] + sorted(path for folder in FOLDERS for path in (folder / f"{unit}.d").glob("*.conf"))
    lines = [line.strip() for path in files for line in path.read_text().splitlines()]
    return [tuple(line.split("=", 1)) for line in lines if "=" in line and not line.startswith("#")]


def values(unit, name):
    return [value for key, value in settings(unit) if key == name]


def variables(unit):
    found = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"}
    for line in values(unit, "Environment"):
        found.update(word.split("=", 1) for word in shlex.split(line))
    for path in values(unit, "EnvironmentFile"):
        file = pathlib.Path(path.removeprefix("-"))
        lines = file.read_text().splitlines() if file.exists() else []
        found.update((key, shlex.split(text)[0] if shlex.split(text) else "")
                     for key, text in (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#")))
    return found


def start(unit):
    assert values(unit, "DynamicUser") == ["yes"] and values(unit, "User") == ["quotawatch"], "another user"
    environment = variables(unit)
    state = pathlib.Path("/var/lib") / values(unit, "StateDirectory")[0]
    state.mkdir(mode=0o700, exist_ok=True)
    os.chown(state, UID, UID)
    credentials = pathlib.Path("/run/credentials") / unit
    shutil.rmtree(credentials, ignore_errors=True)
    credentials.mkdir(parents=True)
    for line in values(unit, "LoadCredential"):
        name, path = line.split(":", 1)
        shutil.copyfile(path, credentials / name)
        os.chmod(credentials / name, 0o400)
        os.chown(credentials / name, UID, UID)
    os.chown(credentials, UID, UID)
    os.chmod(credentials, 0o500)
    if values(unit, "LoadCredential"):
        environment["CREDENTIALS_DIRECTORY"] = str(credentials)
    words = []
    for word in shlex.split(values(unit, "ExecStart")[-1]):
        words += environment.get(word[1:], "").split() if word.startswith("$") else [word]
    status = subprocess.run(
        words, env=environment, cwd=state, user=UID, group=UID, extra_groups=[], umask=0o077,
        stdin=subprocess.DEVNULL).returncode
    fine = {0, *(int(code) for line in values(unit, "SuccessExitStatus") for code in line.split())}
    if status not in fine:
        sys.exit(f"Job for {unit} failed with exit code {status}.")


def main(words):
    match words:
        case ["daemon-reload"]:
            pass
        case ["start", unit]:
            start(unit)
        case ["enable", "--now", unit] if unit.endswith(".timer"):
            subprocess.run(["systemd-analyze", "calendar", *values(unit, "OnCalendar")], check=True, stdout=subprocess.DEVNULL)
            settings(unit.replace(".timer", ".service"))
        case _:
            sys.exit(f"this stand-in for systemctl knows no: {' '.join(words)}")


main(sys.argv[1:])

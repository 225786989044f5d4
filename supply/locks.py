"""Every lock file is used as it is: held against the scripts, and against what they have installed."""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Commands of cargo that resolve dependencies, and do not do it anew with --locked.
RESOLVES = re.compile(r"\bcargo (?:\+\S+ )?(build|test|run|check|clippy|nextest run|install|bench|doc|metadata|fetch|tree)\b")
# A call of pip that installs, by whatever name.
INSTALLS = re.compile(r"(\bpip[3]?\"?|-m pip) (install|download)\b")
NPM_INSTALLS = re.compile(r"\bnpm (install|i|add|update)\b")
# The one call of npm that is not `npm ci`; what it installs is held against its lock file below.
NPM_EXCEPTION = "(cd tools && npm install --no-save "
PYTHON = ("proofs", "supply", "examples/web3py", "crates/diem-gateway/clients/python", "bench/gateway")


def tracked():
    return subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout.split("\0")


def is_script(path):
    """What runs commands: scripts, the gate, containers."""
    return path.startswith(("scripts/", ".ci/")) or path.endswith((".sh", "Containerfile"))


def commands(text):
    """The lines of a shell script as it reads them: comments left out, continued lines joined."""
    joined = re.sub(r"\\\n\s*", " ", text)
    return [line.strip() for line in joined.splitlines() if not line.strip().startswith("#")]


def wrong_command(line):
    """What is wrong with one line of a script; nothing for most."""
    if RESOLVES.search(line) and "--locked" not in line:
        return "cargo without --locked"
    if INSTALLS.search(line) and "--require-hashes" not in line:
        return "pip without --require-hashes"
    if NPM_INSTALLS.search(line) and not line.startswith(NPM_EXCEPTION):
        return "npm without its lock file: npm ci"
    return None


def scripts():
    for path in filter(is_script, tracked()):
        text = (ROOT / path).read_text()
        for line in commands(text):
            why = wrong_command(line)
            if why:
                yield f"{path}: {why}: {line}"


def python_locks():
    """Each thing that is wanted is locked at the version that is named, and each line of a lock has its hashes."""
    for folder in PYTHON:
        lock = (ROOT / folder / "requirements.lock").read_text()
        wanted = [line for line in (ROOT / folder / "requirements.txt").read_text().splitlines() if line and line[0] != "#"]
        for line in wanted:
            name, version = re.fullmatch(r"([\w.-]+)(?:\[\w+\])?==(\S+)", line).groups()
            if not re.search(rf"^{re.escape(name)}(\[\w+\])?=={re.escape(version)}\b", lock, re.MULTILINE | re.IGNORECASE):
                yield f"{folder}/requirements.lock: not {line}"
        for entry in re.split(r"\n(?=\S)", lock.strip()):
            if "--hash=sha256:" not in entry:
                yield f"{folder}/requirements.lock: no hash of {entry.splitlines()[0]}"


def installed_tools():
    """What `scripts/setup` installed is what its lock file says, file by file."""
    hidden = ROOT / "tools/node_modules/.package-lock.json"
    if not hidden.exists():
        yield "tools: nothing is installed; run scripts/setup"
        return
    locked = json.loads((ROOT / "tools/package-lock.json").read_text())["packages"]
    for place, package in json.loads(hidden.read_text())["packages"].items():
        known = locked.get(place)
        # The optional package of this platform, which the lock file may leave to npm, is named by its parent.
        if known is None and package.get("optional"):
            continue
        if known is None or (known.get("version"), known.get("integrity")) != (package.get("version"), package.get("integrity")):
            yield f"tools: {place} {package.get('version')} is not what tools/package-lock.json has"


def self_check():
    """The check notices what it is there for."""
    for line, why in {
        "cargo build --release": True, "cargo build --release --locked": False, "cargo fmt --all --check": False,
        "cargo nextest run --workspace": True, '"$venv/bin/pip" install web3': True, "npm install --prefix app": True,
        "npm ci --prefix app": False, "python3 -m pip install --require-hashes -r x": False,
    }.items():
        if bool(wrong_command(line)) != why:
            yield f"supply/locks.py: does not judge {line!r} rightly"


def main():
    wrong = [*self_check(), *scripts(), *python_locks(), *installed_tools()]
    for line in wrong:
        print(f"locks: {line}", file=sys.stderr)
    if not wrong:
        print("every lock file is used as it is")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

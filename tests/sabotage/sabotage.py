#!/usr/bin/env python3
"""Puts the one-line faults of faults.json into a copy of the sources, one at a time; each must turn its tests red.

A test that no fault can turn red proves nothing. So this fails when a fault stays green, and also when a fault's text
is not in its file exactly once, when it does not compile, or when its tests are red (or none) without it.
The copy is a git worktree of HEAD in a temporary folder; your own files are not touched.

    tests/sabotage/sabotage.py [--only NAME]... [--list] [--keep]
"""
import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Build servers would outlive the copy that they were started in.
QUIET = {"MSBUILDDISABLENODEREUSE": "1", "DOTNET_CLI_USE_MSBUILD_SERVER": "0", "UseSharedCompilation": "false",
         "DOTNET_CLI_TELEMETRY_OPTOUT": "1", "DOTNET_NOLOGO": "1"}


class Broken(Exception):
    """Something that makes the whole run worthless."""


@dataclass(frozen=True)
class Fault:
    name: str
    file: str                  # from the root of the sources
    find: str                  # exactly once in that file
    replace: str
    build: str                 # shell commands, run in the copy's root
    test: str
    tests_ran: str             # text of the green run's output that shows that there were tests; "" to not look

    def apply(self, root):
        """Returns what puts the file back."""
        path = root / self.file
        if not path.is_file():
            raise Broken(f"{self.name}: there is no {self.file}")
        text = path.read_text(encoding="utf-8")
        if (count := text.count(self.find)) != 1:
            raise Broken(f"{self.name}: its text is {count} times in {self.file}, not once: {self.find!r}")
        if self.find == self.replace:
            raise Broken(f"{self.name}: changes nothing")
        path.write_text(text.replace(self.find, self.replace), encoding="utf-8")
        return lambda: path.write_text(text, encoding="utf-8")


def load(path):
    """faults.json: {"defaults": {...}, "faults": [{...}]}; {names} in build and test stand for the fault's members."""
    data = json.loads(Path(path).read_text(encoding="utf-8"))
    faults = []
    for entry in data["faults"]:
        members = data["defaults"] | entry
        commands = {name: members[name].format_map(members) for name in ("build", "test")}
        faults.append(Fault(entry["name"], entry["file"], entry["find"], entry["replace"],
                            tests_ran=members.get("tests_ran", ""), **commands))
    names = [fault.name for fault in faults]
    if not names or len(set(names)) != len(names):
        raise Broken("faults.json has no faults, or two of one name")
    return faults


def run(command, root, seconds):
    """(exit code, output); a command that takes too long is killed with its children and has the code 124."""
    process = subprocess.Popen(command, shell=True, cwd=root, env=os.environ | QUIET, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                               start_new_session=True)
    try:
        output, _ = process.communicate(timeout=seconds)
        return process.returncode, output
    except subprocess.TimeoutExpired:
        return 124, "took longer than %d s" % seconds
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        process.stdout.close()


def check_green(faults, root, seconds):
    """Without a fault everything has to build and pass, and there has to be something that passes."""
    for build in dict.fromkeys(fault.build for fault in faults):
        code, output = run(build, root, seconds)
        if code:
            raise Broken(f"does not build without a fault: {build}\n{output[-3000:]}")
    for test, sign in dict.fromkeys((fault.test, fault.tests_ran) for fault in faults):
        code, output = run(test, root, seconds)
        if code:
            raise Broken(f"red without a fault: {test}\n{output[-3000:]}")
        if sign not in output:
            raise Broken(f"no tests ran (no {sign!r} in the output): {test}\n{output[-3000:]}")


def try_fault(fault, root, seconds):
    """(verdict, seconds): red is what it should be."""
    start = time.monotonic()
    restore = fault.apply(root)
    try:
        code, output = run(fault.build, root, seconds)
        if code:
            print(output[-3000:], file=sys.stderr)
            return "DOES NOT BUILD", time.monotonic() - start
        code, _ = run(fault.test, root, seconds)
        verdict = "STAYS GREEN" if code == 0 else "red, timed out" if code == 124 else "red"
        return verdict, time.monotonic() - start
    finally:
        restore()


def sabotage(faults, root, seconds, out=print):
    """True if every fault turned its tests red."""
    for fault in faults:
        fault.apply(root)()                            # all texts first: that costs nothing, building does
    out(f"without a fault: building, then {len({fault.test for fault in faults})} sets of tests")
    check_green(faults, root, seconds)
    width = max(len(fault.name) for fault in faults)
    rows = []
    for fault in faults:
        verdict, took = try_fault(fault, root, seconds)
        rows.append((fault, verdict))
        out(f"{fault.name:<{width}}  {verdict:<14}  {took:5.0f} s")
    out("")
    out("| fault | put into | tests |")
    out("|---|---|---|")
    for fault, verdict in rows:
        out(f"| {fault.name} | {fault.file} | {verdict} |")
    red = sum(verdict.startswith("red") for _, verdict in rows)
    # A fault that turns its tests red has passed.
    out(f"{red} passed, {len(rows) - red} failed")
    return red == len(rows)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--faults", default=HERE / "faults.json")
    parser.add_argument("--only", action="append", metavar="NAME")
    parser.add_argument("--list", action="store_true", help="names and commands, and nothing else")
    parser.add_argument("--keep", action="store_true", help="leave the copy where it is")
    parser.add_argument("--timeout", type=float, default=600, metavar="S", help="for one build or one set of tests")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    repository = Path(subprocess.run(["git", "rev-parse", "--show-toplevel"], cwd=HERE, check=True, text=True,
                                     capture_output=True).stdout.strip())
    try:
        faults = [fault for fault in load(options.faults) if not options.only or fault.name in options.only]
        if options.only and len(faults) != len(set(options.only)):
            raise Broken("--only names no fault; --list shows them")
        if options.list:
            for fault in faults:
                print(f"{fault.name}: {fault.file}: {fault.test}")
            return 0
        if subprocess.run(["git", "status", "--porcelain"], cwd=repository, text=True, capture_output=True).stdout:
            print("what is not committed is left out", file=sys.stderr)
        folder = Path(tempfile.mkdtemp(prefix="sabotage-"))
        copy = folder / "copy"
        try:
            subprocess.run(["git", "worktree", "add", "--quiet", "--detach", copy, "HEAD"], cwd=repository, check=True)
            return 0 if sabotage(faults, copy, options.timeout) else 1
        finally:
            if options.keep:
                print(f"the copy: {copy}", file=sys.stderr)
            else:
                shutil.rmtree(folder, ignore_errors=True)
                subprocess.run(["git", "worktree", "prune"], cwd=repository)
    except Broken as error:
        print(f"sabotage: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    sys.exit(main())

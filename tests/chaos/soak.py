#!/usr/bin/env python3
"""Ten thousand sessions that submit, while others connect and leave all the time: is a reply lost, does a session end, does the
memory grow?"""
import argparse
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time

from daemon import free_port
from judge import summary
from processes import Missing, end_all, interruptible, start, until
from views import Checks

TOP = pathlib.Path(__file__).resolve().parents[2]
STRATUM = TOP / "stratum"
LOGIN = (b'{"id":1,"method":"mining.subscribe","params":["soak"]}\n{"id":2,"method":"mining.authorize","params":["visitor","x"]}\n')
SOURCES = ("127.0.0.21", "127.0.0.22", "127.0.0.23", "127.0.0.24")
# A hash in four is a share, and now and then one of them a block: without blocks the shares to remember grow, as they should.
DIFFICULTY = "0.000000001"
LOOK = 5                      # seconds between two looks at the memory
FIRST = 0.4                   # of the time: until then compiled code comes, and the first shares of each session


class Visitors(threading.Thread):
    """Connects, logs in and leaves, so many times a minute; every tenth goes with a reset, every seventh before its answer."""

    def __init__(self, port, a_minute):
        super().__init__(daemon=True)
        self._port, self._between = port, 60 / a_minute
        self.visits = self.refused = 0
        self.stop = threading.Event()

    def run(self):
        due = time.monotonic()
        while not self.stop.is_set():
            due += self._between
            self._visit()
            self.stop.wait(max(0, due - time.monotonic()))

    def _visit(self):
        number = self.visits
        self.visits += 1
        try:
            with socket.create_connection(("127.0.0.1", self._port), 10, (SOURCES[number % len(SOURCES)], 0)) as visitor:
                visitor.sendall(LOGIN)
                if number % 7 == 0:
                    return
                read = b""
                while b"mining.notify" not in read:
                    piece = visitor.recv(4096)
                    if not piece:
                        raise OSError("closed before it had work")
                    read += piece
                if number % 10 == 0:
                    visitor.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        except OSError:
            self.refused += 1


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def resident(pid):
    with open(f"/proc/{pid}/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def watch(pid, load, seconds):
    """The memory at each look, from when the first sessions submit."""
    seen, deadline = [], time.monotonic() + seconds + 120
    while load.poll() is None and time.monotonic() < deadline:
        time.sleep(LOOK)
        seen.append(resident(pid))
    return seen


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=9900, help="one address may have 10,000 connections; default 9900")
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--visits", type=int, default=10_000, help="a minute; default 10,000")
    parser.add_argument("--transport", default="loop", choices=("loop", "pipe"))
    given = parser.parse_args()
    interruptible()
    checks = Checks()
    folder = TOP / "artifacts" / "soak"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        # Built before: that may take longer than a pool has to listen.
        subprocess.run([STRATUM, "--version"], stdout=subprocess.DEVNULL, check=True)
        port = free_port()
        with open(folder / "pool.log", "wb") as log:
            pool = start([STRATUM, "pool", "--simulate", "--port", port, "--difficulty", DIFFICULTY, "--block-time", "30s",
                          "--job-interval", "10s", "--transport", given.transport], stdout=subprocess.DEVNULL, stderr=log)
        until("the pool to listen, or to end", lambda: pool.poll() is not None or answers(port), 60)
        if pool.poll() is not None:
            raise Missing(f"the pool ended with {pool.poll()}; see {folder}/pool.log")
        pid = pool.pid
        before = descriptors(pid)
        visitors = Visitors(port, given.visits)
        visitors.start()
        with open(folder / "load.json", "wb") as report, open(folder / "load.log", "wb") as errors:
            load = start([STRATUM, "bench", f"stratum+tcp://127.0.0.1:{port}", "--mode", "submit", "--connections", given.sessions,
                          "--rate", given.sessions / 10, "--duration", f"{given.seconds}s", "--warmup", "5s",
                          "--server-pid", pid, "--json"], stdout=report, stderr=errors)
            memory = watch(pid, load, given.seconds)
        code = load.poll()
        visitors.stop.set()
        visitors.join(20)
        result = json.loads((folder / "load.json").read_text(encoding="utf-8"))
        checks.add("the load generator ends well", code == 0, f"exit code {code}; see {folder}")
        checks.add("no connection and no reply is lost", result["lost"] == {"connections": 0, "replies": 0}, str(result["lost"]))
        checks.add("every visitor is let in", visitors.refused == 0, f"{visitors.refused} of {visitors.visits} were not")
        checks.add(f"{visitors.visits} visits are {given.visits} a minute", visitors.visits >= 0.9 * given.visits * given.seconds / 60)
        answers_of = result["answers"]
        checks.add("they are the verdicts that are due: a hash in four is a share, some are stale, and none comes twice",
                   answers_of["accepted"] > 0.15 * result["operations"] and answers_of["stale"] < 0.05 * result["operations"]
                   and answers_of["duplicate"] == answers_of["otherRefused"] == 0, str(answers_of))
        checks.add(f"{result['operations']} answers are all", result["operations"] >= 0.98 * given.sessions / 10 * given.seconds)
        first, last = memory[int(FIRST * len(memory))], memory[-2]
        checks.add(f"the memory is flat: {first:.0f} MB, and {last:.0f} MB at the end", last < first * 1.1 + 5)
        until("every descriptor to be free again", lambda: descriptors(pid) <= before + 5, 30)
        checks.add("no descriptor is left", True)
        checks.add("the pool lives", pool.poll() is None)
        print(f"{result['operations']} answers, {visitors.visits} visits, p99 {result['latencyMicroseconds']['p99']} us, "
              f"{result['server']['cpuMicrosecondsPerOperation']} us of the server's CPU for one; memory at each {LOOK} s: "
              f"{' '.join(f'{each:.0f}' for each in memory)} MB")
        os.kill(pid, signal.SIGTERM)
        checks.add("the pool ends well", pool.wait(30) == 0)
    except (Missing, OSError, ValueError, IndexError, subprocess.SubprocessError) as failure:
        checks.add("the run", False, f"{type(failure).__name__}: {failure}")
    finally:
        end_all()
    print(checks.text())
    print(summary(checks.passed, checks.failed))
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())

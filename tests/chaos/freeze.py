#!/usr/bin/env python3
"""SIGSTOP of one of two daemons, and then of both, under a mining pool: what do ten miners see?"""
import argparse
import os
import random
import signal
import socket
import sys
import time

from client import Client, difficulty_for, seconds_a_hash
from daemon import Daemon, free_port
from judge import summary
from processes import Missing, end_all, interruptible, until
from stage import Stage, arguments
from views import Checks, first_ends, longest_gap, rejections

MINERS = 10
PAUSE = 0.3                  # between two batches of hashes of a miner
SHARES = 0.7                 # a second, of all miners together; in regtest each is a block
BATCH_HASHES = 24
BLOCK_EVERY = 5
NEW_CONNECTIONS = 3


class Match:
    def __init__(self, stage, options):
        self.stage, self.options = stage, options
        self.checks = Checks()
        port = free_port()
        self.daemons = [Daemon(stage.folder / "first", "-listen", f"-bind=127.0.0.1:{port}", "-listenonion=0"),
                        Daemon(stage.folder / "second", "-listen=0", f"-connect=127.0.0.1:{port}")]
        a_hash = seconds_a_hash()
        rate = MINERS * BATCH_HASHES / (PAUSE + BATCH_HASHES * a_hash)
        self.clients = [Client(("127.0.0.1", stage.port), f"miner{number}", difficulty_for(rate / SHARES), PAUSE)
                        for number in range(MINERS)]
        self.pool = None

    def begin(self):
        for daemon in self.daemons:
            daemon.start()
        for daemon in self.daemons:
            daemon.ready()
        self.address = self.stage.grow(self.daemons[0])
        self.in_step()
        self.pool = self.stage.pool(self.daemons, self.address, "--journal", self.stage.folder / "blocks.journal",
                                    "--max-work-age", f"{self.options.max_work_age}s")
        self.pool.wait_for("listening")
        for client in self.clients:
            client.mining.set()
            client.start()
        until("work for all miners", lambda: all(client.notifies for client in self.clients))
        until("a share", lambda: any(answer.accepted for client in self.clients for answer in client.answers))

    def in_step(self):
        until("the daemons' one tip", lambda: len({daemon.call("getbestblockhash") for daemon in self.daemons}) == 1)

    def current(self):
        def test():
            lines = [event for event in self.pool.all("daemon") if event.get("current")]
            return next((daemon for daemon in self.daemons if lines and daemon.name == lines[-1].get("name")), None)
        return until("a daemon event with current", test)

    # ------------------------------------------------------------------ one of two
    def freeze_one(self):
        victim = self.current()
        other = next(daemon for daemon in self.daemons if daemon is not victim)
        print(f"SIGSTOP of {victim.name} for {self.options.frozen} s; blocks come from {other.name}", flush=True)
        begun, blocks = time.monotonic(), 0
        os.kill(victim.process.pid, signal.SIGSTOP)
        try:
            while (now := time.monotonic()) < begun + self.options.frozen:
                if now >= begun + blocks * BLOCK_EVERY:
                    other.generate(1, self.address)
                    blocks += 1
                time.sleep(0.1)
        finally:
            os.kill(victim.process.pid, signal.SIGCONT)
        time.sleep(BLOCK_EVERY)
        end = time.monotonic()
        answers = [answer for client in self.clients for answer in client.answers if answer.sent >= begun]
        rejected, raced, unanswered = rejections(answers, end)
        gap, who = max((longest_gap(client.notifies, begun, end), number) for number, client in enumerate(self.clients))
        print(f"{blocks} blocks of others, {len(answers)} shares, {raced} of them overtaken by a new block on their way;"
              f" longest gap between two jobs {gap:.2f} s (miner {who})")
        self.checks.add("shares were found", answers)
        self.checks.add("no share was rejected", not rejected, f"{[answer.error for answer in rejected]}")
        self.checks.add("every share was answered", not unanswered, f"{len(unanswered)} were not")
        ends = [how for client in self.clients for at, how, _ in client.ends if at >= begun]
        self.checks.add("no miner was disconnected", not ends, f"{ends}")
        self.checks.add("another daemon became the current one", any(
            event.get("current") and event.get("name") == other.name and event["at"] >= begun
            for event in self.pool.all("daemon")))

    # ------------------------------------------------------------------ both
    def freeze_both(self):
        self.in_step()
        print(f"SIGSTOP of both, past --max-work-age {self.options.max_work_age}s", flush=True)
        begun = time.monotonic()
        for daemon in self.daemons:
            os.kill(daemon.process.pid, signal.SIGSTOP)
        try:
            try:
                until("the end of every session", lambda: len(first_ends(self.clients, begun)) == MINERS,
                      self.options.max_work_age * 3 + 60)
            except Missing as missing:
                print(missing)
            time.sleep(2)
            new = [self.knock() for _ in range(NEW_CONNECTIONS)]
        finally:
            resumed = time.monotonic()
            for daemon in self.daemons:
                os.kill(daemon.process.pid, signal.SIGCONT)
        firsts = first_ends(self.clients, begun)
        later = [how for client in self.clients for at, how, had_work in client.ends
                 if begun <= at < resumed and not had_work]
        for number, client in enumerate(self.clients):
            at, how = firsts.get(client, (None, "nothing"))
            print(f"miner {number}: {how}" + (f" after {at - begun:.1f} s" if at else ""))
        print(f"then {len(later)} attempts of theirs: {', '.join(sorted(set(later)))}; ours: {', '.join(new)}")
        self.checks.add("every session was reset", [how for _, how in firsts.values()] == ["reset"] * MINERS)
        self.checks.add("none before the work was too old",
                        all(at - begun >= self.options.max_work_age / 2 for at, _ in firsts.values()))
        self.checks.add("every new connection was reset", later + new == ["reset"] * len(later + new), f"{set(later + new)}")
        self.come_back(resumed)

    def come_back(self, resumed):
        try:
            until("new work for every miner",
                  lambda: all(client.notifies[-1].at > resumed for client in self.clients), 120)
            times = [next(notify.at for notify in client.notifies if notify.at > resumed) - resumed for client in self.clients]
            print(f"SIGCONT: work again after {min(times):.2f} s (first miner) to {max(times):.2f} s (last)")
            until("a share that is accepted", lambda: any(
                answer.accepted and answer.sent > resumed for client in self.clients for answer in client.answers), 60)
            self.checks.add("all miners came back and mine", True)
        except Missing as missing:
            self.checks.add("all miners came back and mine", False, str(missing))

    def knock(self):
        try:
            with socket.create_connection(("127.0.0.1", self.stage.port), timeout=5) as connection:
                return "answered" if connection.recv(1) else "closed"
        except ConnectionResetError:
            return "reset"
        except ConnectionRefusedError:
            return "refused"
        except OSError as error:
            return type(error).__name__

    def end(self):
        for client in self.clients:
            client.stop()
        self.pool.end()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frozen", type=int, default=60, help="seconds that one daemon is stopped; 60")
    parser.add_argument("--max-work-age", type=int, default=20, help="the pool's, in seconds; 20")
    arguments(parser)
    options = parser.parse_args()
    if options.seed is not None:
        random.seed(options.seed)
    interruptible()
    stage = Stage(options)
    try:
        match = Match(stage, options)
        match.begin()
        match.freeze_one()
        match.freeze_both()
        match.end()
        print(match.checks.text())
    finally:
        stage.close()
    print(summary(match.checks.passed, match.checks.failed))
    return 1 if match.checks.failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        end_all()
        sys.exit(130)

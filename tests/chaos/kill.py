#!/usr/bin/env python3
"""kill -9 of the pool, of the daemon and of both, at random moments around a solve: no found block may be lost."""
import argparse
import http.client
import random
import sys
import time

from client import Client, difficulty_for, seconds_a_hash
from daemon import Daemon, Refused
from deaf import DeafPeer
from judge import HEADINGS, Row, fate, line, read_journal, summary, unjournalled
from processes import Missing, end_all, interruptible, until
from stage import Stage, arguments

VICTIMS = ("pool", "daemon", "both")
MOST = 5                     # blocks since the daemon wrote its chain down: what is deep must not be among the forgotten
GOES_ON = 3                  # blocks that the pool finds after a restart
DEEP = 6
SETTLED = 30                 # seconds in which the last blocks have to get where they belong


class Match:
    """One victim on a chain of its own: ten moments make it a hundred blocks longer, and at 431 MWEB wants a peg-in."""

    def __init__(self, stage, chance, victim):
        self.stage, self.chance = stage, chance
        self.journal_file = stage.folder / f"{victim}.journal"
        self.peer = DeafPeer()
        self.daemon = Daemon(stage.folder / victim, "-listen=0", f"-connect=127.0.0.1:{self.peer.port}")
        self.events = []               # of pools that are dead
        self.pool = self.miner = None
        self.seen = set()              # hashes of the moments before
        self.given_up = set()          # of those the lost ones, which are told once and waited for no longer
        # About a share a second; in regtest each is a block.
        self.client = Client(("127.0.0.1", stage.port), "chaos", difficulty_for(1 / seconds_a_hash()))

    def begin(self):
        self.daemon.start()
        self.daemon.ready()
        self.address = self.stage.grow(self.daemon)
        self.start_pool()
        self.client.start()

    def start_pool(self):
        self.pool = self.stage.pool([self.daemon], self.address, "--journal", self.journal_file)

    def entries(self):
        return read_journal(self.stage.journal(self.journal_file))

    def height(self):
        return self.daemon.call("getblockcount")

    # ------------------------------------------------------------------ one moment
    def moment(self, victim, number):
        row = Row(victim, number)
        answers_before = len(self.client.answers)
        try:
            self.around_a_solve()
            self.strike(victim)
            self.note(row, self.told())
            self.come_back(victim)
            self.go_on()
            self.judge(row)
        except (Missing, Refused, OSError, http.client.HTTPException, RuntimeError) as error:
            row.problems.append(f"{type(error).__name__}: {error}")
        finally:
            self.rest()
        row.answered = sum(answer.accepted and answer.is_block for answer in self.client.answers[answers_before:])
        return row

    def around_a_solve(self):
        self.pool.wait_for("listening")
        self.daemon.flush()
        flushed, told = self.height(), len(self.pool.all("share"))
        self.miner = self.stage.miner()
        self.client.mining.set()
        until("a share", lambda: len(self.pool.all("share")) > told, 120)
        end = time.monotonic() + self.chance.uniform(0, 1.5)
        while time.monotonic() < end and self.height() - flushed < MOST:
            time.sleep(0.05)

    def strike(self, victim):
        kills = {"pool": [self.pool.kill], "daemon": [self.daemon.kill], "both": [self.pool.kill, self.daemon.kill]}[victim]
        self.chance.shuffle(kills)
        for kill in kills:
            kill()
        if victim != "daemon":
            self.events += self.pool.events

    def come_back(self, victim):
        time.sleep(self.chance.uniform(0, 1))
        starts = {"pool": [self.start_pool], "daemon": [self.daemon.start], "both": [self.start_pool, self.daemon.start]}[victim]
        self.chance.shuffle(starts)
        for start in starts:
            start()
        self.daemon.ready()
        self.pool.wait_for("listening")

    def go_on(self):
        # Shares beside blocks: what the pool submits again makes the chain longer too.
        height, shares = self.height() + GOES_ON, self.accepted_shares() + GOES_ON
        until(f"{GOES_ON} more blocks", lambda: self.accepted_shares() >= shares and self.height() >= height, 120)
        self.rest()

    def accepted_shares(self):
        return sum(event["accepted"] for event in self.pool.all("share"))

    def rest(self):
        self.client.mining.clear()
        if self.miner:
            self.miner.end()
            self.miner = None

    # ------------------------------------------------------------------ the verdict
    def told(self):
        """What the world had heard of by now that the journal does not have."""
        # The world first: a pool that lives goes on while the journal is read, and what it tells then is in no entry yet.
        answers = list(self.client.answers)
        events = [event["hash"] for event in self.events + list(self.pool.events) if event.get("event") == "block"]
        entries, damage = self.entries()
        # A record that the kill tore is no entry and was told to nobody; the journal says that it skipped it.
        for text in damage:
            print(f"         the journal found damage: {text}")
        return unjournalled(entries, dict.fromkeys(events), answers)

    @staticmethod
    def note(row, problems):
        row.problems += [problem for problem in problems if problem not in row.problems]

    def fates(self):
        entries, _ = self.entries()
        return {hash: (entry, fate(entry, self.daemon.confirmations(hash)))
                for hash, entry in entries.items() if hash not in self.given_up}

    def settle(self, done):
        """The fates once `done` holds of each, or as they are when it is too late for that."""
        deadline = time.monotonic() + SETTLED
        while True:
            fates = self.fates()
            if all(done(entry, what) for entry, what in fates.values()) or time.monotonic() > deadline:
                return fates
            time.sleep(0.2)

    def judge(self, row):
        self.settle(lambda entry, what: what != "lost" and entry.state != "Found")
        self.daemon.generate(DEEP, self.address)
        fates = self.settle(lambda _, what: what != "lost")
        for hash, (entry, what) in fates.items():
            if hash not in self.seen:
                row.journalled += 1
                row.chain += what == "chain"
                row.reason += what == "reason"
            if what == "lost":
                row.lost += 1
                self.given_up.add(hash)
                row.problems.append(f"block {hash} of height {entry.height} is lost: its state is {entry.state}"
                                    f"{', open' if entry.open else ''}, reason {entry.reason}, but it is not in the chain")
        self.seen.update(fates)
        self.note(row, self.told())
        if not row.journalled:
            row.problems.append("no block was found, so nothing was tried")

    def end(self):
        self.client.stop()
        if self.pool:
            self.pool.end()
        self.daemon.stop()
        self.peer.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moments", type=int, default=10, help="for each of pool, daemon and both; 10")
    parser.add_argument("--only", choices=VICTIMS, help="one victim")
    arguments(parser)
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}\n{line(HEADINGS)}", flush=True)
    interruptible()
    stage = Stage(options)
    passed = failed = 0
    try:
        chance = random.Random(seed)
        for victim in [options.only] if options.only else VICTIMS:
            match = Match(stage, chance, victim)
            match.begin()
            for number in range(1, options.moments + 1):
                row = match.moment(victim, number)
                print(row.text(), flush=True)
                passed, failed = passed + row.passed, failed + (not row.passed)
            match.end()
    finally:
        stage.close()
    print(summary(passed, failed))
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        end_all()
        sys.exit(130)

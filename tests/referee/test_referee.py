"""Tests of the referee itself: against published blocks, and against pools that lie in one way each.

    python3 -m unittest discover -s tests/referee
"""
import json
import shlex
import subprocess
import sys
import unittest
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import chain
from fake_pool import LIES, FakePool
from match import Match
from mining import Miners, scan
from referee import parse
from verdict import NTIME_AHEAD, Moment, SentJob, Tip, View, judge, read
from wire import WrongNotify, read_notify

VECTORS = json.loads(Path(__file__).with_name("stratum-v1-vectors.json").read_text())


def view_of(vector, difficulty, workers=None):
    """A session that was sent this vector's job."""
    extranonce1, submit = bytes.fromhex(vector["extranonce1"]), vector["submit"]
    view = View("test", extranonce1, len(submit[2]) // 2, int(vector.get("mask", "0"), 16), workers or [submit[0]])
    view.current = SentJob(read_notify(vector["notify"]), Fraction(difficulty), 0.0, 1)
    view.jobs[view.current.job.id] = view.current
    return view


class Vectors(unittest.TestCase):
    def test_header_and_hashes(self):
        for vector in VECTORS["vectors"][:4]:
            with self.subTest(vector["name"]):
                result, submit = vector["result"], vector["submit"]
                job, mask = read_notify(vector["notify"]), int(vector.get("mask", "0"), 16)
                extranonce1, extranonce2 = bytes.fromhex(vector["extranonce1"]), bytes.fromhex(submit[2])
                bits = int(submit[5], 16) if len(submit) > 5 else 0
                version = chain.rolled_version(job.version, bits, mask)
                header = job.header(extranonce1, extranonce2, int(submit[3], 16), int(submit[4], 16), version)
                self.assertEqual(header.hex(), result["header"])
                self.assertEqual(chain.sha256d(header)[::-1].hex(), result["block_hash"])
                digest = chain.PROOF_OF_WORK[vector["algo"]](header)
                self.assertEqual(digest[::-1].hex(), result["pow_hash_display"])
                self.assertEqual(f"{job.block_target():064x}", result["network_target"])
                self.assertEqual(chain.as_number(digest) <= job.block_target(), result["is_block"])
                self.assertAlmostEqual(chain.difficulty_of(chain.as_number(digest), vector["algo"]),
                                       result["share_difficulty"], delta=1e-9 * result["share_difficulty"])

    def test_verdicts(self):
        for number, (good, bad) in enumerate(((512, 700), (32, 3008), (32, 39), (2536, 2537))):
            vector = VECTORS["vectors"][number]
            with self.subTest(vector["name"]):
                moment = int(vector["notify"][7], 16)
                for difficulty, code in ((good, 0), (bad, 23)):
                    view = view_of(vector, difficulty)
                    expected = judge(view, vector["submit"], Moment(moment, view.current), set(), vector["algo"])
                    self.assertEqual(expected.allowed, {code}, expected.why)
                    self.assertEqual(expected.block_id is not None, vector["result"]["is_block"])
                view = view_of(vector, good)
                again = judge(view, vector["submit"], Moment(moment, view.current), {expected.hash}, vector["algo"])
                self.assertEqual(again.allowed, {22})

    def test_targets(self):
        for difficulty, targets in VECTORS["difficulty_targets"].items():
            for algorithm, target in zip(("sha256d", "scrypt"), targets):
                self.assertEqual(f"{chain.target_of(difficulty, algorithm):064x}", target)

    def test_heights(self):
        for height, push in VECTORS["bip34"].items():
            self.assertEqual(chain.bip34_push(int(height)).hex(), push)
            self.assertEqual(chain.height_of_script(bytes.fromhex(push) + bytes(8)), int(height))
        for wrong in ("0101", "020100", "08" + "01" * 8, "00"):
            with self.assertRaises(ValueError):
                chain.height_of_script(bytes.fromhex(wrong) + bytes(8))

    def test_scan_finds_the_published_nonce(self):
        result = VECTORS["vectors"][0]["result"]
        header, number = bytes.fromhex(result["header"]), int(result["pow_hash_display"], 16)
        nonce = int.from_bytes(header[76:], "little")
        self.assertEqual(scan("sha256d", header[:76], nonce & 0xFFFF, (nonce >> 16) + 1, number), [(nonce, number)])

    def test_scan_of_scrypt_returns_true_hashes(self):
        header = bytes.fromhex(VECTORS["vectors"][1]["result"]["header"])
        limit = 1 << 250
        found = scan("scrypt", header[:76], 7, 300, limit)
        self.assertTrue(found)
        for nonce, number in found:
            self.assertEqual(chain.as_number(chain.scrypt(header[:76] + nonce.to_bytes(4, "little"))), number)
            self.assertLessEqual(number, limit)


class Judging(unittest.TestCase):
    def setUp(self):
        self.vector = VECTORS["vectors"][0]
        self.view = view_of(self.vector, 512, ["left", "right"])
        self.time = int(self.vector["notify"][7], 16)
        self.submit = ["left", *self.vector["submit"][1:]]

    def codes(self, params, wall=0.0, seen=()):
        moment = Moment(wall or self.time, self.view.current)
        return set(judge(self.view, params, moment, set(seen), "sha256d").allowed)

    def changed(self, at, value):
        return self.submit[:at] + [value] + self.submit[at + 1:]

    def test_unreadable(self):
        for params in (None, {}, "text", [], self.submit[:4], self.changed(4, ""),
                       self.changed(3, "0" + self.submit[3]),
                       self.changed(4, "0x12"), self.changed(4, None), self.changed(4, 7), self.changed(0, 1),
                       self.changed(5, "g"), self.changed(5, None), self.changed(2, self.submit[2] + "00"),
                       self.changed(2, "zz" * 4), self.changed(2, [])):
            self.assertEqual(self.codes(params), {20}, params)

    def test_disguises_are_read_alike(self):
        self.assertEqual(read(self.submit), read(self.changed(5, "2000")))
        self.assertEqual(self.codes([each.upper() if at > 1 else each for at, each in enumerate(self.submit)]), {0})
        self.assertEqual(self.codes(self.submit + [None, {}]), {0})

    def test_order(self):
        unknown_job, stranger = self.changed(1, "zz"), self.changed(0, "nobody")
        self.assertEqual(self.codes(unknown_job), {21})
        self.assertEqual(self.codes(["nobody"] + unknown_job[1:]), {21})
        self.assertEqual(self.codes(stranger), {24})
        self.assertEqual(self.codes(stranger[:5] + ["00000001"]), {24})
        self.assertEqual(self.codes(self.changed(5, "00000001")), {20})
        self.assertEqual(self.codes(self.changed(4, "00000000")), {23})
        far = f"{self.time + NTIME_AHEAD + 100:08x}"
        self.assertEqual(self.codes(self.changed(3, far)), {20})
        self.assertEqual(self.codes(self.changed(3, far), wall=self.time + 1000), {23})
        self.view.workers.pop()
        self.assertEqual(self.codes(stranger), {0})
        self.view.extranonce1 = None
        self.assertEqual(self.codes(unknown_job), {25})
        self.assertEqual(self.codes(unknown_job[:4]), {20})

    def test_stale_comes_after_the_worker_and_before_the_target(self):
        newer = read_notify(["2", "00" * 32, *self.vector["notify"][2:]])
        self.view.current = SentJob(newer, Fraction(512), 0.0, 2)
        self.view.jobs["2"] = self.view.current
        self.assertEqual(self.codes(self.submit), {21})
        self.assertEqual(self.codes(self.changed(4, "00000000")), {21})
        self.assertEqual(self.codes(self.changed(0, "nobody")), {24})
        self.assertEqual(self.codes(self.changed(5, "00000001")), {20})

    def test_difficulty_belongs_to_the_job_unless_it_fell(self):
        later = read_notify(["2", *self.vector["notify"][1:]])
        for then, now, code in ((512, 1024, 0), (1024, 512, 0), (1024, 700, 23)):
            self.view.jobs["1"].difficulty = Fraction(then)
            self.view.current = SentJob(later, Fraction(now), 0.0, 2)
            self.assertEqual(self.codes(self.submit), {code}, (then, now))

    def test_tolerance(self):
        difficulty = Fraction(self.vector["result"]["share_difficulty"])
        self.view.current.difficulty = difficulty * Fraction(65536, 65535)
        self.assertEqual(self.codes(self.submit), {0})
        self.view.current.difficulty = difficulty * Fraction(65536, 65534)
        self.assertEqual(self.codes(self.submit), {23})

    def test_bits_without_a_mask(self):
        self.view.mask = 0
        self.assertEqual(self.codes(self.submit), {20})
        self.assertEqual(self.codes(self.changed(5, "00000000")), {23})

    def test_excuse_for_stale(self):
        tip = Tip()
        tip.notice(b"a", 10.0)
        self.assertFalse(tip.excuses(b"a", 100.0))
        tip.notice(b"b", 20.0)
        self.assertTrue(tip.excuses(b"a", 19.5))
        self.assertFalse(tip.excuses(b"a", 18.5))
        self.assertFalse(tip.excuses(b"b", 20.5))

    def test_notify_format(self):
        good = self.vector["notify"]
        for at, value in ((0, ""), (0, 1), (1, good[1][:-2]), (2, "abc"), (4, ["00"]), (4, None), (5, "2"),
                          (6, "192495 8"), (7, 5), (8, 1), (8, "true")):
            with self.assertRaises(WrongNotify):
                read_notify(good[:at] + [value] + good[at + 1:])
        with self.assertRaises(WrongNotify):
            read_notify(good[:8])


class Pools(unittest.TestCase):
    # lie -> how the row that must show it begins
    CAUGHT = {
        "prevhash order": "share", "version bits ignored": "share", "bits outside the mask": "version bits outside",
        "mask not cleared": "rule: mask bits", "duplicates": "replayed", "duplicates by text": "replayed in disguise",
        # Which of the two comes first is drawn; an honest pool fails in neither.
        "refused is seen": ("the same by a known", "share of an older job, difficulty has fallen"),
        "current difficulty": "share of an older job, difficulty has risen",
        "no fall": "share of an older job, difficulty has fallen", "difficulty": "below target",
        "stale": "good share of a",
        "clean always": "rule: clean on", "clean never": "rule: clean on", "id": "rule: answers in order",
        "id as number": "rule: one answer", "order": "rule: answers in order", "worker": "unknown worker",
        "tip before worker": "stale job, unknown", "ntime": "ntime beyond", "no error member": "rule: result and error",
        "silent": "rule: one answer", "early notify": "rule: only answers before",
        "two difficulties": "rule: set_difficulty directly", "difficulty after": "rule: a difficulty before",
        "same id": "rule: job ids never",
        "unpadded": "rule: notify format", "unsubscribed": "not subscribed", "long nonce": "malformed: nine",
        "branch reversed": "share",
    }

    def run_referee(self, lie=None, algorithm="sha256d", difficulty="0.0000001", processes=0, shares=70, hostile=1000):
        """The match after a small match, and what it printed."""
        nbits = 0x1F07FFFF if algorithm == "sha256d" else 0x2001FFFF
        pool = FakePool(float(difficulty), lie, algorithm, nbits)
        lines = []
        options = parse([*map(str, pool.address), "--algorithm", algorithm, "--difficulty", difficulty, "--shares",
                         str(shares), "--hostile", str(hostile), "--job-changes", "12", "--timeout", "30",
                         "--wait-for-wishes", "4"])
        miners = Miners(processes)
        match = Match(options, pool.address, miners, lines.append)
        try:
            match.run()
        finally:
            match.close()
            miners.close()
            pool.close()
        return match, lines

    def test_honest_pool(self):
        # A share in nineteen is a block: with 70 of them a run in a hundred has none that becomes the tip.
        match, lines = self.run_referee(shares=200)
        self.assertEqual(match.tally.failed, 0, "\n".join(lines))
        self.assertRegex(lines[-1], r"^\d+ passed, 0 failed$")
        self.assertGreaterEqual(match.shares, 200)
        self.assertGreater(match.followed, 0)
        self.assertGreater(match.wish.rises, 0)
        self.assertGreater(match.wish.falls, 0)
        drawn = {kind for kind, _ in match.tally.rows}
        for kind in ("good share of a stale job", "stale job, unknown worker", "job from before the session joined",
                     "another session's share", "unknown worker, replayed", "replayed, stale by now"):
            self.assertIn(kind, drawn)

    def test_honest_scrypt_pool(self):
        match, lines = self.run_referee(algorithm="scrypt", difficulty="0.001", processes=1)
        self.assertEqual(match.tally.failed, 0, "\n".join(lines))

    def test_command_with_a_spawned_pool(self):
        """The command as a user gives it, its exit code and its last line."""
        here = Path(__file__).parent
        for lie, code, last in (([], 0, r"^\d+ passed, 0 failed$"),
                                (["duplicates"], 1, r"^\d+ passed, [1-9]\d* failed$")):
            pool = shlex.join([sys.executable, str(here / "fake_pool.py"), "sha256d", "0.0000001", *lie])
            done = subprocess.run([sys.executable, here / "referee.py", "--spawn", pool, "--algorithm", "sha256d",
                                   "--difficulty", "1e-7", "--shares", "40", "--hostile", "300", "--job-changes", "6",
                                   "--wait-for-wishes", "1"], text=True, capture_output=True, timeout=60)
            self.assertEqual(done.returncode, code, done.stdout)
            self.assertRegex(done.stdout.splitlines()[-1], last)
            self.assertEqual(done.stderr, "")

    def test_every_lie_has_its_test(self):
        self.assertEqual(set(LIES), set(self.CAUGHT))


def add_lie(lie, begins):
    def test(self):
        match, lines = self.run_referee(lie)
        caught = [kind for kind in match.tally.failures if kind.startswith(begins)]
        self.assertTrue(caught, f"{LIES[lie]}: {dict(match.tally.failures)}")
        self.assertRegex(lines[-1], r"^\d+ passed, [1-9]\d* failed$")

    setattr(Pools, "test_lie_" + lie.replace(" ", "_"), test)


for each in Pools.CAUGHT.items():
    add_lie(*each)


if __name__ == "__main__":
    unittest.main()

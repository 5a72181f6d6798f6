"""The parts of the two scripts, without daemons or pools."""
import hashlib
import io
import json
import pathlib
import socket
import struct
import sys
import tempfile
import unittest
from contextlib import redirect_stdout
from fractions import Fraction

import deaf
from client import Answer, Client, Notify, block_id, difficulty_for
from judge import Entry, Row, fate, read_journal, summary, unjournalled
from processes import Missing, Program, end_all, start, until
from views import Checks, first_ends, longest_gap, rejections

GENESIS = ("010000000000000000000000000000000000000000000000000000000000000000000000"
           "3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c")


def entry(state="Accepted", reason=None, hash="aa"):
    return Entry(hash, 7, state, True, reason)


def answer(accepted=True, is_block=True, block="aa", at=2.0, sent=1.0, error=None, raced=False):
    return Answer(block, is_block, sent, at, accepted, error, raced)


class JudgeTests(unittest.TestCase):
    def test_a_block_in_the_chain_is_safe_whatever_the_journal_says(self):
        for state in ("Found", "Accepted", "Deep", "Refused"):
            self.assertEqual("chain", fate(entry(state), 1))

    def test_a_block_outside_the_chain_needs_a_state_and_the_daemons_word(self):
        self.assertEqual("reason", fate(entry("LostRace", "inconclusive"), -1))
        self.assertEqual("reason", fate(entry("Refused", "bad-txns"), None))
        for state, reason in (("LostRace", None), ("Refused", ""), ("Accepted", "duplicate"), ("Found", None), ("Deep", None)):
            self.assertEqual("lost", fate(entry(state, reason), None), (state, reason))
            self.assertEqual("lost", fate(entry(state, reason), -1), (state, reason))

    def test_the_last_line_of_a_hash_is_its_entry_and_damage_is_told(self):
        lines = [json.dumps({"event": "entry", "hash": "aa", "height": 1, "state": state, "open": state != "deep",
                             "confirmations": 0, "reason": None}) for state in ("found", "deep")]
        entries, damage = read_journal([*lines, "", '{"event":"damage","offset":5}', '{"event":"later"}'])
        self.assertEqual({"aa": Entry("aa", 1, "Deep", False, None)}, entries)
        self.assertEqual(['{"event":"damage","offset":5}'], damage)

    def test_what_was_told_must_stand_in_the_journal(self):
        entries = {"aa": entry()}
        self.assertEqual([], unjournalled(entries, ["aa"], [answer()]))
        self.assertEqual(1, len(unjournalled(entries, ["bb"], [])))
        self.assertEqual(1, len(unjournalled(entries, [], [answer(block="bb")])))
        self.assertEqual([], unjournalled(entries, [], [answer(block="bb", accepted=False),
                                                        answer(block="bb", is_block=False)]))

    def test_a_row_fails_by_a_loss_or_a_problem(self):
        self.assertTrue(Row("pool", 1, 3, 3).passed)
        self.assertIn("FAILED", Row("pool", 1, lost=1).text())
        self.assertIn("why", Row("pool", 1, problems=["why"]).text())
        self.assertEqual("3 passed, 0 failed", summary(3, 0))


class ViewTests(unittest.TestCase):
    @staticmethod
    def notifies(*times):
        return [Notify(at, None) for at in times]

    def test_the_longest_gap_counts_the_edges(self):
        self.assertEqual(3, longest_gap(self.notifies(10, 11, 14), 10, 15))
        self.assertEqual(5, longest_gap(self.notifies(10), 10, 15))
        self.assertEqual(6, longest_gap(self.notifies(9, 20), 10, 15))
        self.assertEqual(5, longest_gap([], 10, 15))

    def test_only_a_stale_share_that_a_clean_job_overtook_is_excused(self):
        overtaken = answer(False, error=[21, "Stale", None], raced=True)
        stale = answer(False, error=[21, "Stale", None])
        low = answer(False, error=[23, "Low", None], raced=True)
        lost, young = answer(False, at=None), answer(False, at=None, sent=99)
        self.assertEqual(([stale, low], 1, [lost]), rejections([answer(), overtaken, stale, low, lost, young], 100))

    def test_the_first_end_after_a_moment_counts(self):
        one, other = (Client(("127.0.0.1", 1), "u") for _ in range(2))
        one.ends = [(1, "closed", True), (5, "reset", True), (6, "refused", False)]
        self.assertEqual({one: (5, "reset")}, first_ends([one, other], 2))

    def test_checks_are_counted(self):
        checks = Checks()
        checks.add("good", [1])
        checks.add("bad", [], "nothing")
        self.assertEqual((1, 1), (checks.passed, checks.failed))
        self.assertIn("FAILED  bad: nothing", checks.text())


class ClientTests(unittest.TestCase):
    def setUp(self):
        self.client = Client(("127.0.0.1", 1), "u")
        ours, theirs = socket.socketpair()
        self.client._connection = ours
        self.pool = theirs.makefile("r")
        self.addCleanup(self.pool.close)
        self.addCleanup(ours.close)
        self.addCleanup(theirs.close)

    def line(self, **message):
        self.client.receive(json.dumps(message).encode() + b"\n")

    def job(self, clean=True, nbits="207fffff"):
        self.line(id=None, method="mining.notify",
                  params=["1", "00" * 32, "01", "02", [], "20000000", nbits, "5f000000", clean])

    def login(self):
        self.line(id=1, result=[[], "0a0b", 4], error=None)
        self.line(id=None, method="mining.set_difficulty", params=[0.0001])
        self.job()

    def submit(self):
        self.client._scan()
        while not self.client.answers:
            self.client._scan()
        return json.loads(self.pool.readline())

    def test_the_id_of_a_known_block(self):
        self.assertEqual("000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f", block_id(bytes.fromhex(GENESIS)))

    def test_a_share_is_written_down_with_the_hash_of_the_header_that_the_pool_builds(self):
        self.login()
        sent = self.submit()
        user, job, extranonce2, ntime, nonce = sent["params"]
        coinbase = bytes.fromhex("01" "0a0b" + extranonce2 + "02")
        twice = hashlib.sha256(hashlib.sha256(coinbase).digest()).digest()
        header = (struct.pack("<I", 0x20000000) + bytes(32) + twice
                  + struct.pack("<III", int(ntime, 16), 0x207FFFFF, int(nonce, 16)))
        self.assertEqual(("u", "1", 8), (user, job, len(extranonce2)))
        self.assertEqual(block_id(header), self.client.answers[0].block)
        self.assertTrue(self.client.answers[0].is_block)

    def test_the_answer_is_that_of_its_share_and_a_clean_job_before_it_is_noted(self):
        self.login()
        sent = self.submit()
        self.job(clean=False)
        self.assertFalse(self.client.answers[0].raced)
        self.job(clean=True)
        self.line(id=sent["id"], result=None, error=[21, "Stale", None])
        got = self.client.answers[0]
        self.assertEqual((False, [21, "Stale", None], True), (got.accepted, got.error, got.raced))
        self.assertIsNotNone(got.at)
        self.assertEqual(3, len(self.client.notifies))

    def test_a_line_in_pieces_is_one_line(self):
        whole = json.dumps({"id": None, "method": "mining.set_difficulty", "params": [0.5]}).encode() + b"\n"
        for at in range(len(whole)):
            self.client._difficulty = Fraction(1)
            self.client.receive(whole[:at])
            self.client.receive(whole[at:])
            self.assertEqual(Fraction(1, 2), self.client._difficulty)

    def test_a_difficulty_is_plain_text(self):
        self.assertEqual("d=0.015259", difficulty_for(1000))


class DeafPeerTests(unittest.TestCase):
    def test_messages_survive_any_cut(self):
        data = deaf.message(b"ping", b"12345678") + deaf.message(b"verack")
        for cut in range(len(data)):
            self.assertEqual(cut >= 32, deaf.take(data[:cut]) is not None, cut)
        command, payload, rest = deaf.take(data)
        self.assertEqual((b"ping", b"12345678"), (command, payload))
        self.assertEqual((b"verack", b"", b""), deaf.take(rest))

    def test_other_networks_are_refused(self):
        with self.assertRaises(ValueError):
            deaf.take(b"\xf9\xbe\xb4\xd9" + bytes(20))

    def test_it_shakes_hands_answers_pings_and_asks_for_nothing(self):
        peer = deaf.DeafPeer()
        self.addCleanup(peer.close)
        with socket.create_connection(("127.0.0.1", peer.port)) as node:
            node.sendall(deaf.message(b"version", deaf.version_payload(5)) + deaf.message(b"inv", bytes(37))
                         + deaf.message(b"ping", b"abcdefgh"))
            buffer, got = b"", []
            while len(got) < 3:
                buffer += node.recv(4096)
                while whole := deaf.take(buffer):
                    got.append(whole[0])
                    buffer = whole[2]
        self.assertEqual([b"version", b"verack", b"pong"], got)


class ProcessTests(unittest.TestCase):
    def setUp(self):
        self.log = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory())) / "log"
        self.addCleanup(end_all)

    def test_events_are_kept_and_broken_lines_left_out(self):
        program = Program([sys.executable, "-c", 'print(\'{"event":"a","n":1}\\n{"event":\\n[1]\\n{"event":"a","n":2}\')'],
                          self.log)
        program.process.wait()
        program.kill()
        self.assertEqual([1, 2], [event["n"] for event in program.all("a")])

    def test_a_program_that_ends_first_is_told_with_its_last_words(self):
        program = Program([sys.executable, "-c", "import sys; sys.exit('no such port')"], self.log)
        with self.assertRaisesRegex(Missing, "no such port"):
            program.wait_for("listening")

    def test_end_all_leaves_none_not_even_a_stopped_one(self):
        process = start([sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)"])
        end_all()
        self.assertIsNotNone(process.returncode)

    def test_until_gives_up_with_its_name(self):
        with self.assertRaisesRegex(Missing, "the moon"):
            until("the moon", lambda: False, 0.05)


class CommandTests(unittest.TestCase):
    def test_help_tells_the_options(self):
        import kill
        import freeze
        for script, option in ((kill, "--moments"), (freeze, "--max-work-age")):
            printed = io.StringIO()
            before, sys.argv = sys.argv, ["x", "--help"]
            try:
                with redirect_stdout(printed), self.assertRaises(SystemExit) as end:
                    script.main()
            finally:
                sys.argv = before
            self.assertEqual(0, end.exception.code)
            self.assertIn(option, printed.getvalue())


if __name__ == "__main__":
    unittest.main()

"""Tests of the sabotage script, on a made-up project of two shell files.

    python3 -m unittest discover -s tests/sabotage
"""
import contextlib
import io
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import sabotage

SOURCE = "sum() { echo $(($1 + $2)); }\nmask=255\n"
TEST = '. ./sum.sh\n[ "$(sum 2 3)" = 5 ] && echo "Total: 1"\n'
DEFAULTS = {"build": "sh -n {file}", "test": "sh ./test.sh {filter}", "filter": "all", "tests_ran": "Total: 1"}
GOOD = {"name": "minus", "file": "sum.sh", "find": "$1 + $2", "replace": "$1 - $2"}


class Sabotage(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        (self.root / "sum.sh").write_text(SOURCE)
        (self.root / "test.sh").write_text(TEST)

    def run_faults(self, *entries, defaults=DEFAULTS):
        path = self.root / "faults.json"
        path.write_text(json.dumps({"defaults": defaults, "faults": entries}))
        lines = []
        with contextlib.redirect_stderr(io.StringIO()):
            good = sabotage.sabotage(sabotage.load(path), self.root, 20, lines.append)
        self.assertEqual((self.root / "sum.sh").read_text(), SOURCE)
        return good, "\n".join(lines)

    def test_a_fault_that_turns_red(self):
        good, text = self.run_faults(GOOD)
        self.assertTrue(good)
        self.assertIn("| minus | sum.sh | red |", text)
        self.assertIn("1 passed, 0 failed", text)

    def test_a_fault_that_stays_green(self):
        unused = {"name": "mask", "file": "sum.sh", "find": "mask=255", "replace": "mask=0"}
        good, text = self.run_faults(GOOD, unused)
        self.assertFalse(good)
        self.assertIn("| mask | sum.sh | STAYS GREEN |", text)
        self.assertIn("1 passed, 1 failed", text)

    def test_a_fault_that_does_not_build(self):
        good, text = self.run_faults(GOOD | {"find": "; }", "replace": "; "})
        self.assertFalse(good)
        self.assertIn("DOES NOT BUILD", text)

    def test_a_fault_that_hangs_the_tests_is_red(self):
        path = self.root / "faults.json"
        path.write_text(json.dumps({"defaults": DEFAULTS, "faults": [GOOD | {"replace": "$(sleep 30)"}]}))
        verdict, _ = sabotage.try_fault(sabotage.load(path)[0], self.root, 0.5)
        self.assertEqual(verdict, "red, timed out")

    def test_text_that_no_longer_applies(self):
        for entry in (GOOD | {"find": "$1 * $2"}, GOOD | {"find": "2"}, GOOD | {"file": "gone.sh"},
                      GOOD | {"replace": GOOD["find"]}):
            with self.assertRaises(sabotage.Broken):
                self.run_faults(entry)

    def test_red_or_empty_without_a_fault(self):
        with self.assertRaisesRegex(sabotage.Broken, "red without a fault"):
            self.run_faults(GOOD, defaults=DEFAULTS | {"test": "false"})
        with self.assertRaisesRegex(sabotage.Broken, "no tests ran"):
            self.run_faults(GOOD, defaults=DEFAULTS | {"test": "true"})
        with self.assertRaisesRegex(sabotage.Broken, "does not build"):
            self.run_faults(GOOD, defaults=DEFAULTS | {"build": "false"})

    def test_names(self):
        with self.assertRaises(sabotage.Broken):
            self.run_faults(GOOD, GOOD)
        with self.assertRaises(sabotage.Broken):
            self.run_faults()

    def test_the_whole_command_in_a_worktree(self):
        """main() on a repository: the copy is made, used and removed, and the sources stay as they are."""
        def git(*words):
            subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@localhost", *words], cwd=self.root,
                           check=True, capture_output=True)

        place = self.root / "tests" / "sabotage"
        place.mkdir(parents=True)
        (place / "faults.json").write_text(json.dumps({"defaults": DEFAULTS, "faults": [GOOD]}))
        (place / "sabotage.py").write_text(Path(sabotage.__file__).read_text())
        git("init", "-q")
        git("add", "-A")
        git("commit", "-q", "-m", "first")
        (self.root / "sum.sh").write_text("this is not committed")
        for more, code in (([], 0), (["--only", "nothing"], 1), (["--list"], 0)):
            done = subprocess.run([sys.executable, place / "sabotage.py", *more], text=True, capture_output=True)
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertEqual((self.root / "sum.sh").read_text(), "this is not committed")
        listed = subprocess.run(["git", "worktree", "list"], cwd=self.root, text=True, capture_output=True).stdout
        self.assertEqual(len(listed.splitlines()), 1)


if __name__ == "__main__":
    unittest.main()

"""The parts of bench/compare: reading figures, goals, the table, starting servers. No server of ours, no load."""
import json
import pathlib
import signal
import socket
import sys
import tempfile
import types
import unittest
import unittest.mock

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
sys.path[:0] = [str(TOP / "bench" / "compare"), str(TOP / "tests" / "chaos")]

import machine
import rows
import servers
import turn
from generator import Failed, Generator, parse
from processes import Missing, end_all
from table import Figures, cell, goal, growth_row, missed, number, table

FIGURES = {
    "mode": "submit", "url": "stratum+tcp://127.0.0.1:1", "connections": 50, "window": 1, "rate": None, "seconds": 5.0,
    "operations": 1000, "perSecond": 200.0,
    "latencyMicroseconds": {"p50": 100, "p90": 150, "p99": 200, "p999": 300, "max": 400},
    "answers": {"accepted": 240, "lowDifficulty": 750, "stale": 5, "duplicate": 5, "otherRefused": 0},
    "broadcasts": {"count": 3, "spreadMicroseconds": {"p50": 70, "max": 90}},
    "lost": {"connections": 0, "replies": 0},
    "server": {"pid": 1, "cpuSeconds": 0.01, "cpuMicrosecondsPerOperation": 10.5, "memoryBytesPerSession": 900,
               "residentBytes": 1}, "generator": {"cpuMicrosecondsPerOperation": 3.5}}


def with_figures(**turns):
    """Figures by 'measurement_server', each a list of turns."""
    figures = Figures()
    for name, values in turns.items():
        measurement, _, server = name.partition("_")
        for value in values:
            figures.add(measurement, server, value)
    return figures


def row(name):
    return rows.choose([name])[0]


class ParseTests(unittest.TestCase):
    def test_figures_of_a_run(self):
        result = parse("some words\n" + json.dumps(FIGURES) + "\n")
        self.assertEqual((10.5, 3.5, 100, 200), (result.cpu, result.generator_cpu, result.p50, result.p99))
        self.assertEqual((1000, 240, 760, 0), (result.operations, result.accepted, result.refused, result.lost))
        self.assertEqual(70, result.spread)

    def test_what_a_mode_has_not_is_none(self):
        idle = {**FIGURES, "mode": "idle", "operations": 0, "latencyMicroseconds": None, "answers": None, "server": None}
        result = parse(json.dumps(idle))
        self.assertEqual((None, None, 0), (result.cpu, result.p50, result.accepted))

    def test_what_cannot_be_read_is_a_failure_that_shows_it(self):
        for text in ("", "no figures", '{"mode":"submit"}', '{"mode":', '{"mode":1,"seconds":1,"operations":1,"perSecond":1,"server":7}'):
            with self.assertRaises(Failed, msg=text):
                parse(text)


class GeneratorTests(unittest.TestCase):
    def test_the_command_line(self):
        line = Generator(["stratum"]).line("stratum+tcp://h:1", 42, {"mode": "submit", "connections": 50, "window": 1})
        self.assertEqual(["stratum", "bench", "stratum+tcp://h:1", "--mode", "submit", "--connections", "50", "--window", "1",
                          "--server-pid", "42", "--json"], line)

    def test_a_generator_that_fails_is_a_failure_with_its_last_words(self):
        script = "import sys; print('{}'); print('first', file=sys.stderr); sys.exit('3 sessions were lost')"
        with self.assertRaisesRegex(Failed, "ended with 1: 3 sessions were lost"):
            Generator([sys.executable, "-c", script]).run("url", 1, {})

    def test_a_generator_that_hangs_is_ended(self):
        with self.assertRaisesRegex(Failed, "within 0.2 s"):
            Generator([sys.executable, "-c", "import time; time.sleep(60)"]).run("url", 1, {}, seconds=0.2)

    def test_its_figures_are_read(self):
        result = Generator([sys.executable, "-c", f"print({json.dumps(json.dumps(FIGURES))})"]).run("url", 1, {})
        self.assertEqual(10.5, result.cpu)


class RowTests(unittest.TestCase):
    def test_every_row_has_its_measurement_a_limit_for_each_figure_and_a_name_of_its_own(self):
        self.assertEqual(len(rows.ROWS), len({each.name for each in rows.ROWS}))
        for each in rows.ROWS:
            self.assertIn(each.measurement, rows.MEASUREMENTS)
            self.assertEqual(len(each.keys), len(each.limits))

    def test_rows_are_chosen_by_name_in_the_tables_order(self):
        self.assertEqual(["submit1", "notify"], [each.name for each in rows.choose(["notify", "submit1"])])
        self.assertEqual(len(rows.ROWS), len(rows.choose(None)))
        with self.assertRaisesRegex(ValueError, "no row nothing"):
            rows.choose(["nothing"])

    def test_rows_of_one_load_are_measured_once(self):
        self.assertEqual([("rate", False)], [(each.name, alone) for each, alone in rows.measurements(rows.choose(["rate", "latency"]))])

    def test_a_row_that_is_compared_with_another_load_brings_it_for_the_null_server_alone(self):
        self.assertEqual([("submit1", True), ("solve", False)],
                         [(each.name, alone) for each, alone in rows.measurements(rows.choose(["solve"]))])
        self.assertIn(("submit1", False), [(each.name, alone) for each, alone in rows.measurements(rows.choose(None))])


class TableTests(unittest.TestCase):
    def test_the_ratio_is_the_median_of_the_turns(self):
        # The second turn ran on a machine of half the speed: its ratio is as good as the others'.
        figures = with_figures(submit1_null=[{"cpu": 5}, {"cpu": 10}, {"cpu": 5}], submit1_loop=[{"cpu": 9}, {"cpu": 18}, {"cpu": 9}])
        self.assertEqual("9.00 (1.80 x)", cell(figures, row("submit1"), "loop"))
        self.assertEqual("5.00", cell(figures, row("submit1"), "null"))

    def test_turns_without_figures_are_left_out(self):
        figures = with_figures(submit1_null=[{"cpu": 5}, {}, {"cpu": 5}], submit1_loop=[{}, {"cpu": 18}, {"cpu": 9}])
        self.assertEqual("13.5 (1.80 x)", cell(figures, row("submit1"), "loop"))
        self.assertEqual("–", cell(figures, row("submit1"), "pipe"))

    def test_a_goal_is_met_or_missed(self):
        for value, word in ((10, "met"), (10.1, "**missed**")):
            figures = with_figures(submit1_null=[{"cpu": 5}], submit1_loop=[{"cpu": value}])
            self.assertEqual(f"≤ 2 x null: {word}", goal(figures, row("submit1")))
            self.assertEqual([] if word == "met" else ["submit1"], missed(figures, [row("submit1")]))
        self.assertEqual("≤ 2 x null", goal(Figures(), row("submit1")))
        self.assertEqual([], missed(Figures(), [row("submit1")]))

    def test_a_server_that_took_part_without_figures_missed_its_goal(self):
        for turns in ({"submit1_null": [{"cpu": 5}], "submit1_loop": [{}, {}]},
                      {"submit1_null": [{}], "submit1_loop": [{"cpu": 9}]}):
            self.assertEqual("≤ 2 x null: **missed**", goal(with_figures(**turns), row("submit1")))
            self.assertEqual(["submit1"], missed(with_figures(**turns), [row("submit1")]))
        half = with_figures(rate_null=[{"p50": 100, "p99": 1000}], rate_loop=[{"p50": 150, "p99": None}])
        self.assertEqual(["latency"], missed(half, [row("latency")]))
        # Chosen away with --servers, it has nothing to meet.
        self.assertEqual([], missed(with_figures(submit1_null=[{"cpu": 5}], submit1_pipe=[{"cpu": 50}]), [row("submit1")]))

    def test_a_goal_of_another_load(self):
        figures = with_figures(submit1_null=[{"cpu": 5}], solve_loop=[{"cpu": 14}])
        self.assertEqual("14.0 (2.80 x)", cell(figures, row("solve"), "loop"))
        self.assertEqual("≤ 2.8 x null: met", goal(figures, row("solve")))

    def test_two_figures_of_which_each_has_its_goal(self):
        figures = with_figures(rate_null=[{"p50": 100, "p99": 1000}], rate_loop=[{"p50": 150, "p99": 2500}])
        self.assertEqual("150 / 2500 (1.50 / 2.50 x)", cell(figures, row("latency"), "loop"))
        self.assertEqual("≤ 1.6 x null / ≤ 2 x null: **missed**", goal(figures, row("latency")))

    def test_memory_has_a_goal_of_its_own_and_tls_is_the_pipes(self):
        figures = with_figures(idle_null=[{"fresh": 0.05, "after": 0.05}], idle_loop=[{"fresh": 0.5, "after": 2.5}],
                               tls_pipe=[{"fresh": 44, "after": 45}])
        self.assertEqual("0.50 -> 2.50", cell(figures, row("idle"), "loop"))
        self.assertEqual("≤ 2: **missed**", goal(figures, row("idle")))
        self.assertEqual("≤ 50: met", goal(figures, row("tls")))

    def test_the_table_is_markdown_of_one_width(self):
        figures = with_figures(submit1_null=[{"cpu": 5}], submit1_loop=[{"cpu": 9}])
        lines = table(figures, rows.choose(["submit1", "idle"]), [("null", "null"), ("loop", "ours, loop")]).splitlines()
        self.assertEqual(4, len(lines))
        self.assertEqual({5}, {line.count("|") for line in lines})
        self.assertEqual("|---|---:|---:|---|", lines[1])

    def test_numbers_have_three_digits(self):
        self.assertEqual(["–", "0.05", "9.99", "10.1", "123", "2540"], [number(each) for each in (None, 0.05, 9.99, 10.06, 123.4, 2540)])


class SocketsTests(unittest.TestCase):
    def test_a_row_of_the_growth(self):
        self.assertEqual("| 10 | 5.00 -> 6.00 | 21.5 | 9.00 | 0.07 |",
                         growth_row(10, {"fresh": 5, "after": 6}, {"cpu": 21.5}, {"cpu": 9, "spread": 70}))
        self.assertEqual("| 19,000 | – -> – | – | – | – |", growth_row(19000, {}, {}, {}))


class MachineTests(unittest.TestCase):
    def test_the_model_and_how_it_hashes(self):
        self.assertEqual("AMD X (AVX-512, SHA extensions)", machine.model("model name\t: AMD X\nflags\t\t: fpu avx512f sha_ni\n"))
        self.assertEqual("Neoverse (SHA extensions)", machine.model("Model\t: Neoverse\nFeatures\t: fp sha2\n"))
        self.assertEqual("Old", machine.model("model name : Old\nflags : fpu\nmodel name : Other\n"))


class ServerTests(unittest.TestCase):
    # Listens at its first argument, writes a line for each SIGUSR1, ends on SIGTERM.
    SCRIPT = """
import signal, socket, sys
told = open(sys.argv[2], "a")
signal.signal(signal.SIGUSR1, lambda *_: (told.write("told\\n"), told.flush()))
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
held = []
while True:
    held.append(listener.accept())
"""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(end_all)
        self.enterContext(unittest.mock.patch.object(turn, "PACE", 0.05))
        self.folder = pathlib.Path(folder.name)
        self.told = self.folder / "told"

    def server(self, news=signal.SIGUSR1):
        return servers.Server("fake", "fake", lambda port, _: [sys.executable, "-c", self.SCRIPT, port, self.told], news)

    def running(self, server, measurement="submit1"):
        return servers.Running(server, rows.MEASUREMENTS[measurement], self.folder / "log")

    def test_it_is_there_when_it_listens_and_gone_when_left(self):
        with self.running(self.server()) as running:
            self.assertTrue(running.url.startswith("stratum+tcp://127.0.0.1:"))
            self.assertTrue(servers.is_listening(running.port))
            self.assertGreater(running.resident(), 1 << 20)
        self.assertFalse(servers.is_listening(running.port))
        self.assertEqual(0, running.process.returncode)

    def test_one_that_ends_at_once_is_told_with_its_log(self):
        server = servers.Server("bad", "bad", lambda *_: [sys.executable, "-c", "raise SystemExit(7)"])
        with self.assertRaisesRegex(Missing, "bad ended with 7; see"):
            self.running(server)

    def test_a_turn_tells_of_jobs_at_their_pace(self):
        generator = Generator([sys.executable, "-c", f"import time; time.sleep(2); print({json.dumps(json.dumps(FIGURES))})"])
        measurement = rows.Measurement("fast", {"mode": "broadcast", "connections": 1}, jobs=0.1)
        with self.running(self.server()) as running:
            self.assertEqual(10.5, turn.cpu(running, generator, measurement, 1, 1)["cpu"])
        self.assertGreater(len(self.told.read_text().splitlines()), 3)

    def test_a_turn_without_an_answer_is_a_failure(self):
        nothing = json.dumps({**FIGURES, "operations": 0})
        with self.running(self.server()) as running, self.assertRaisesRegex(Failed, "nothing was answered"):
            turn.cpu(running, Generator([sys.executable, "-c", f"print({json.dumps(nothing)})"]), rows.MEASUREMENTS["submit1"], 1, 1)

    def test_memory_counts_sessions_that_stay(self):
        hold = ("import socket, sys, time, urllib.parse as u; at = u.urlparse(sys.argv[2]);"
                "held = [socket.create_connection((at.hostname, at.port)) for _ in range(20)]; time.sleep(60)")
        measurement = types.SimpleNamespace(load={"mode": "idle", "connections": 20})
        with self.running(self.server()) as running:
            turn_memory = turn.memory(running, Generator([sys.executable, "-c", hold]), measurement)
        self.assertEqual({"fresh", "after"}, set(turn_memory))
        self.assertEqual(turn.BROADCASTS, len(self.told.read_text().splitlines()))

    def test_memory_of_a_generator_that_ends_is_a_failure(self):
        measurement = types.SimpleNamespace(load={"mode": "idle", "connections": 20})
        with self.running(self.server()) as running, self.assertRaisesRegex(Missing, "generator ended with 1: too few"):
            turn.memory(running, Generator([sys.executable, "-c", "raise SystemExit('too few')"]), measurement)

    def test_rest_is_three_looks_without_growth(self):
        values = iter([100, 200, 300, 301, 302, 303, 999])
        self.assertEqual(303, turn.at_rest(lambda: next(values)))

    def test_others_are_given_by_their_command(self):
        other = servers.other(f"mine={sys.executable} -m pool --port {{port}}")
        self.assertEqual([sys.executable, "-m", "pool", "--port", "77"], other.command(77, None))
        fixed = servers.other(f"ck:3333={sys.executable} -c 'x y'")
        self.assertEqual((3333, [sys.executable, "-c", "x y"]), (fixed.port, fixed.command(1, None)))
        for wrong in ("name", "=x", f"name={sys.executable}", f"name:port={sys.executable}"):
            with self.assertRaisesRegex(ValueError, "NAME=COMMAND"):
                servers.other(wrong)
        with self.assertRaisesRegex(servers.NotThere, "no program"):
            servers.other("name=no-such-program-anywhere {port}")

    def test_a_server_takes_part_where_it_can(self):
        every = rows.MEASUREMENTS
        self.assertFalse(servers.Server("a", "a", None, solvable=False).can(every["solve"]))
        self.assertFalse(servers.Server("a", "a", None).can(every["tls"]))
        self.assertTrue(servers.ours("pipe").can(every["tls"]))
        self.assertTrue(servers.ours("loop").can(every["solve"]))
        self.assertFalse(servers.pool().can(every["idle"]))
        self.assertTrue(servers.pool().can(every["notify"]))

    def test_a_port_is_none_that_connections_of_the_turn_before_may_rest_on(self):
        with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as line:
            low, high = map(int, line.read().split())
        for _ in range(50):
            port = servers.free_port()
            self.assertFalse(low <= port <= high, port)

    def test_a_free_port_is_free(self):
        port = servers.free_port()
        self.assertFalse(servers.is_listening(port))
        with socket.create_server(("127.0.0.1", port)):
            self.assertTrue(servers.is_listening(port))


if __name__ == "__main__":
    unittest.main()

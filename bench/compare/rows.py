"""What is measured, the rows of the table that come of it, and their goals."""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Measurement:
    """One load. `jobs`: seconds between two jobs while it runs. A solved share needs work that can be solved."""
    name: str
    load: dict
    runs: int = 3
    jobs: float | None = None
    solvable: bool = False
    memory: bool = False
    tls: bool = False


@dataclasses.dataclass(frozen=True)
class Limit:
    """At most `most`: times the null server's figure, or as it is."""
    most: float
    of_null: bool = True

    def __str__(self):
        return f"≤ {self.most:g} x null" if self.of_null else f"≤ {self.most:g}"


@dataclasses.dataclass(frozen=True)
class Row:
    """`keys` name figures of a run; `limits` belong to them, None is no goal. `base`: another measurement of the null server."""
    name: str
    title: str
    measurement: str
    keys: tuple
    limits: tuple
    base: str | None = None
    judged: str = "loop"


SUBMIT = {"mode": "submit", "connections": 50}

MEASUREMENTS = {each.name: each for each in (
    Measurement("submit1", {**SUBMIT, "window": 1}),
    Measurement("submit16", {**SUBMIT, "window": 16}),
    Measurement("rate", {"mode": "submit", "connections": 200, "rate": 1000}, runs=5),
    Measurement("solve", {"mode": "solve", "connections": 50, "window": 1}, solvable=True),
    Measurement("notify", {"mode": "broadcast", "connections": 5000}, jobs=0.5),
    Measurement("connect", {"mode": "connect", "connections": 50}),
    # So many that what a process takes once, its compiled code above all, is little of each session's part.
    Measurement("idle", {"mode": "idle", "connections": 19000}, memory=True),
    Measurement("tls", {"mode": "idle", "connections": 2000}, memory=True, tls=True),
)}

ROWS = (
    Row("submit1", "submit, 50 connections, window 1", "submit1", ("cpu",), (Limit(2),)),
    Row("submit16", "submit, 50 connections, window 16", "submit16", ("cpu",), (Limit(8),)),
    Row("rate", "submit at 1000/s over 200 connections", "rate", ("cpu",), (Limit(1.6),)),
    Row("solve", "accepted share (solved), window 1; goal: of null's submit", "solve", ("cpu",), (Limit(2.8),), base="submit1"),
    Row("notify", "notify to one session, 5,000 sessions", "notify", ("cpu",), (Limit(1.25),)),
    Row("connect", "connect + subscribe + authorize + close", "connect", ("cpu",), (Limit(1.5),)),
    Row("idle", "KB per idle session, 19,000 of them, fresh -> after five broadcasts", "idle", ("fresh", "after"),
        (None, Limit(2, of_null=False))),
    Row("tls", "KB per idle TLS session, 2,000 of them, fresh -> after five broadcasts", "tls", ("fresh", "after"),
        (None, Limit(50, of_null=False)), judged="pipe"),
    Row("latency", "latency at 1000/s, µs, p50 / p99", "rate", ("p50", "p99"), (Limit(1.6), Limit(2))),
)


def choose(names):
    """The rows of these names, in the table's order; None: all."""
    if names is None:
        return list(ROWS)
    unknown = set(names) - {row.name for row in ROWS}
    if unknown:
        raise ValueError(f"there is no row {', '.join(sorted(unknown))}; there are {', '.join(row.name for row in ROWS)}")
    return [row for row in ROWS if row.name in names]


def measurements(rows):
    """What the rows need, in order, each once: (measurement, whether only the null server is needed)."""
    wanted = {row.measurement for row in rows}
    bases = {row.base for row in rows if row.base} - wanted
    return [(each, each.name in bases) for each in MEASUREMENTS.values() if each.name in wanted | bases]

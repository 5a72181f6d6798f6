"""Counts what agreed, prints what did not."""
from collections import Counter

SHOWN = 20


class Tally:
    def __init__(self, out=print):
        self.rows = Counter()          # (kind, verdict) -> count
        self.passed = self.failed = self.excused = 0
        self.failures = Counter()      # kind -> count
        self._out = out

    def agree(self, kind, verdict="agreed"):
        self.rows[kind, verdict] += 1
        self.passed += 1

    def disagree(self, kind, verdict="broken", **facts):
        self.rows[kind, verdict + " (!)"] += 1
        self.failed += 1
        self.failures[kind] += 1
        if self.failed <= SHOWN:
            self._out(f"DISAGREEMENT {self.failed}: {kind}")
            for name, value in facts.items():
                text = value if isinstance(value, str) else repr(value)
                self._out(f"    {name:<10} {text[:1500]}")

    def rule(self, name, holds, **facts):
        if holds:
            self.agree("rule: " + name)
        else:
            self.disagree("rule: " + name, **facts)

    def print_table(self):
        verdicts = sorted({verdict for kind, verdict in self.rows if not kind.startswith("rule: ")})
        kinds = list(dict.fromkeys(kind for kind, _ in self.rows))
        submits = sorted(kind for kind in kinds if not kind.startswith("rule: "))
        if submits:
            width = max(len(kind) for kind in submits)
            self._out("submit".ljust(width) + "".join(f"{verdict:>20}" for verdict in verdicts))
            for kind in submits:
                cells = (self.rows[kind, verdict] for verdict in verdicts)
                self._out(kind.ljust(width) + "".join(f"{cell or '':>20}" for cell in cells))
        for kind in sorted(kind for kind in kinds if kind.startswith("rule: ")):
            counts = ", ".join(f"{count} {verdict}" for (each, verdict), count in self.rows.items() if each == kind)
            self._out(f"{kind}: {counts}")

"""The table: medians, ratios to the null server in the same turn, goals."""
import statistics

ARROW = {"idle": " -> ", "tls": " -> ", "latency": " / "}


class Figures:
    """What was measured: by measurement, server and figure a list with one value a turn, None where there is none."""

    def __init__(self):
        self._runs = {}
        self.notes = []

    def add(self, measurement, server, figures):
        """A turn's figures by name; an empty dict is a turn without."""
        self._runs.setdefault((measurement, server), []).append(figures)

    def took_part(self, measurement, server):
        """Whether it had a turn, with or without figures."""
        return (measurement, server) in self._runs

    def values(self, measurement, server, key):
        return [turn.get(key) for turn in self._runs.get((measurement, server), [])]

    def median(self, measurement, server, key):
        values = [value for value in self.values(measurement, server, key) if value is not None]
        return statistics.median(values) if values else None

    def ratio(self, measurement, server, key, base):
        """The median of the turns' ratios: what drifts from turn to turn cancels. Of another load: the ratio of medians."""
        if base != measurement:
            mine, null = self.median(measurement, server, key), self.median(base, "null", key)
            return mine / null if mine is not None and null else None
        pairs = zip(self.values(measurement, server, key), self.values(measurement, "null", key))
        ratios = [mine / null for mine, null in pairs if mine is not None and null]
        return statistics.median(ratios) if ratios else None

    def note(self, text):
        if text not in self.notes:
            self.notes.append(text)


def number(value):
    """Three digits that count."""
    if value is None:
        return "–"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def cell(figures, row, server):
    """Values, and ratios where a goal is a ratio or there is only one value to compare."""
    values = [figures.median(row.measurement, server, key) for key in row.keys]
    if all(value is None for value in values):
        return "–"
    join = ARROW.get(row.name, " / ")
    text = join.join(number(value) for value in values)
    ratios = [figures.ratio(row.measurement, server, key, row.base or row.measurement)
              for key, limit in zip(row.keys, row.limits) if limit is not None and limit.of_null]
    if server == "null" or not ratios or all(ratio is None for ratio in ratios):
        return text
    return f"{text} ({join.join(number(ratio) for ratio in ratios)} x)"


def verdict(figures, row, server):
    """True: every goal met, and measured. None: the server took no part."""
    if not figures.took_part(row.measurement, server):
        return None
    met = []
    for key, limit in zip(row.keys, row.limits):
        if limit is None:
            continue
        figure = (figures.ratio(row.measurement, server, key, row.base or row.measurement) if limit.of_null
                  else figures.median(row.measurement, server, key))
        met.append(figure is not None and figure <= limit.most)
    return all(met) if met else None


def goal(figures, row):
    text = " / ".join(str(limit) for limit in row.limits if limit is not None)
    return {True: f"{text}: met", False: f"{text}: **missed**", None: text}[verdict(figures, row, row.judged)]


def table(figures, rows, servers):
    """Markdown; `servers` are (name, heading)."""
    lines = ["| server CPU µs per operation | " + " | ".join(heading for _, heading in servers) + " | goal of our loop |",
             "|---|" + "---:|" * len(servers) + "---|"]
    for row in rows:
        cells = [cell(figures, row, name) for name, _ in servers]
        lines.append(f"| {row.title} | {' | '.join(cells)} | {goal(figures, row)} |")
    return "\n".join(lines)


def missed(figures, rows):
    """Names of the rows whose goal was missed, or has no figure that says that it was met."""
    return [row.name for row in rows if verdict(figures, row, row.judged) is False]


GROWTH = ("| sessions | KB of one: fresh -> after five broadcasts | CPU µs per share at 1000/s | CPU µs per notify "
          "| first to last session has a job, ms |\n|---:|---:|---:|---:|---:|")


def growth_row(sessions, memory, share, notify):
    """A line of the table that bench/compare/sockets prints, of the figures of three turns."""
    spread = notify.get("spread")
    return (f"| {sessions:,} | {number(memory.get('fresh'))} -> {number(memory.get('after'))} | {number(share.get('cpu'))} "
            f"| {number(notify.get('cpu'))} | {number(spread / 1000 if spread is not None else None)} |")

"""`stratum bench`, which makes the load, and what it prints."""
import dataclasses
import json
import subprocess


class Failed(Exception):
    """A run without figures; the text says why."""


@dataclasses.dataclass(frozen=True)
class Result:
    """The figures of one run, as far as its mode has them; None is not measured."""
    mode: str
    seconds: float
    operations: int
    per_second: float
    cpu: float | None                # server, microseconds an operation
    generator_cpu: float | None
    p50: float | None                # microseconds
    p99: float | None
    accepted: int
    refused: int
    lost: int
    spread: float | None             # microseconds from the first session that has a job to the last, median


def parse(text):
    """The object among the lines of standard output."""
    lines = [line for line in text.splitlines() if line.startswith("{")]
    if not lines:
        raise Failed("the generator printed no figures")
    try:
        figures = json.loads(lines[-1])
        return Result(
            mode=figures["mode"], seconds=figures["seconds"], operations=figures["operations"], per_second=figures["perSecond"],
            cpu=_at(figures, "server", "cpuMicrosecondsPerOperation"),
            generator_cpu=_at(figures, "generator", "cpuMicrosecondsPerOperation"),
            p50=_at(figures, "latencyMicroseconds", "p50"), p99=_at(figures, "latencyMicroseconds", "p99"),
            accepted=_at(figures, "answers", "accepted") or 0,
            refused=sum(count or 0 for kind, count in (figures.get("answers") or {}).items() if kind != "accepted"),
            lost=sum(count or 0 for count in (figures.get("lost") or {}).values()),
            spread=_at(figures, "broadcasts", "spreadMicroseconds", "p50"))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Failed(f"the generator's figures cannot be read ({error!r}): {lines[-1][:200]}") from error


def _at(figures, *path):
    for name in path:
        figures = (figures or {}).get(name)
    return figures


class Generator:
    """How the command is started."""

    def __init__(self, command):
        self.command = [*command, "bench"]

    def line(self, url, pid, load, extra=()):
        """The command line of a load: mode, connections and what else it says."""
        options = []
        for name, value in load.items():
            options += [f"--{name}", str(value)]
        return [*self.command, url, *options, "--server-pid", str(pid), *extra, "--json"]

    def run(self, url, pid, load, extra=(), seconds=120):
        """Runs to its end."""
        try:
            done = subprocess.run(self.line(url, pid, load, extra), capture_output=True, text=True, timeout=seconds,
                                  stdin=subprocess.DEVNULL, check=False)
        except subprocess.TimeoutExpired as error:
            raise Failed(f"the generator did not end within {seconds} s") from error
        if done.returncode != 0:
            words = done.stderr.strip().splitlines()
            raise Failed(f"the generator ended with {done.returncode}: {words[-1] if words else 'without a word'}")
        return parse(done.stdout)

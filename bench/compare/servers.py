"""The servers that are compared: how each is built, started, told of a new job, and ended."""
import dataclasses
import os
import pathlib
import shlex
import shutil
import signal
import subprocess

from daemon import free_port
from processes import Missing, start, until

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
BUILT = TOP / "artifacts" / "compare"
COMMAND = TOP / "src/Stratum.Cli/bin/Release/net10.0/Stratum.Cli.dll"
SERVER = TOP / "bench/Stratum.CompareServer/bin/Release/net10.0/Stratum.CompareServer.dll"
DIFFICULTY = "1e-9"        # about a hash in four is a share: solving costs the generator next to nothing
LIFE = 600                 # seconds after which the null server ends by itself


class NotThere(Exception):
    """A server that cannot be compared here; the text says what is missing."""


@dataclasses.dataclass(frozen=True)
class Server:
    """`command(port, measurement)` starts it; `news` is the signal that makes it send a new job, None: it has its own pace."""
    name: str
    heading: str
    command: callable
    news: int | None = None
    solvable: bool = True
    tls: bool = False
    password: str = "x"
    environment: dict = dataclasses.field(default_factory=dict)
    port: int | None = None
    most: int = 1_000_000

    def can(self, measurement):
        return ((self.tls or not measurement.tls) and (self.solvable or not measurement.solvable)
                and measurement.load["connections"] <= self.most)


class Running:
    """A server that answers, in a process of its own; a context manager."""

    def __init__(self, server, measurement, log):
        self.server = server
        self.port = server.port or free_port()
        command = [str(part) for part in server.command(self.port, measurement)]
        with open(log, "ab") as errors:
            self.process = start(command, stdout=subprocess.DEVNULL, stderr=errors, env={**os.environ, **server.environment})
        self._log = log
        try:
            until(f"{server.name} to listen", self._listens, 60)
        except Missing:
            self.end()
            raise
        scheme = "stratum+ssl" if measurement.tls else "stratum+tcp"
        self.url = f"{scheme}://127.0.0.1:{self.port}"

    @property
    def pid(self):
        return self.process.pid

    def _listens(self):
        if self.process.poll() is not None:
            raise Missing(f"{self.server.name} ended with {self.process.returncode}; see {self._log}")
        return is_listening(self.port)

    def new_job(self):
        """False when it has no way to be told."""
        if self.server.news is None or self.process.poll() is not None:
            return False
        os.kill(self.pid, self.server.news)
        return True

    def resident(self):
        """Bytes of memory; what is shared with others too."""
        with open(f"/proc/{self.pid}/statm", encoding="ascii") as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def open_files(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()


def is_listening(port):
    """Without a connection, which would be counted as one."""
    state, wanted = "0A", f":{port:04X}"
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            with open(table, encoding="ascii") as lines:
                for line in lines:
                    fields = line.split()
                    if fields[3] == state and fields[1].endswith(wanted):
                        return True
        except FileNotFoundError:
            pass
    return False


def _run(what, command, **how):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **how)
    if done.returncode != 0:
        raise NotThere(f"{what}: {' '.join(str(part) for part in command)} failed:\n{(done.stdout + done.stderr)[-2000:]}")


def build_ours():
    for project in ("src/Stratum.Cli", "bench/Stratum.CompareServer"):
        _run("our own programs", ["dotnet", "build", TOP / project, "-c", "Release", "-v", "quiet", "--nologo"])


def null():
    if not shutil.which("gcc"):
        raise NotThere("the null server needs gcc")
    BUILT.mkdir(parents=True, exist_ok=True)
    program = BUILT / "null-server"
    _run("the null server", ["gcc", "-O2", "-o", program, HERE / "null-server.c"])
    return Server("null", "null", lambda port, _: [program, port, LIFE, DIFFICULTY], signal.SIGUSR1, solvable=False)


def ours(transport):
    def command(port, measurement):
        return ["dotnet", SERVER, "--port", port, "--transport", transport, "--difficulty", DIFFICULTY,
                *(["--tls"] if measurement.tls else [])]
    return Server(transport, f"ours, {transport}", command, signal.SIGUSR1, tls=transport == "pipe")


def pool():
    # The chain's difficulty is twice the default: no share of the generator's is a block. One address may have 10,000 sessions.
    return Server("pool", "`stratum pool`", lambda port, measurement: [
        "dotnet", COMMAND, "pool", "--simulate", "--port", port, "--difficulty", "1000", "--job-interval",
        f"{int(1000 * (measurement.jobs or (1 if measurement.memory else 30)))}ms"], password=f"x,d={DIFFICULTY}", most=10_000)


def npm(folder):
    """The ancestor library, installed outside of the tree when it is not yet."""
    if not shutil.which("node") or not shutil.which("npm"):
        raise NotThere("npm `stratum` needs node and npm")
    modules = folder / "node_modules"
    if not (modules / "stratum").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        _run("npm `stratum`", ["npm", "install", "--prefix", folder, "--no-audit", "--no-fund", "stratum@0.2.4"])
    return Server("npm", "npm `stratum`", lambda port, _: ["node", HERE / "npm-stratum.js", port, DIFFICULTY], signal.SIGUSR2,
                  solvable=False, environment={"NODE_PATH": str(modules)})


def other(text):
    """NAME=COMMAND, where {port} stands for a port; or NAME:PORT=COMMAND with a port of its own. It sends jobs at its own pace."""
    name, equals, command = text.partition("=")
    name, colon, port = name.partition(":")
    words = shlex.split(command)
    if not name or not equals or not words or colon and not port.isdigit() or not colon and "{port}" not in command:
        raise ValueError(f"--other '{text}': write NAME=COMMAND with {{port}} in it, or NAME:PORT=COMMAND")
    if not shutil.which(words[0]):
        raise NotThere(f"{name}: there is no program {words[0]}")
    return Server(name, name, lambda chosen, _: [word.replace("{port}", str(chosen)) for word in words],
                  port=int(port) if colon else None)


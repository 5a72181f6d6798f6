"""What both scripts set up: a folder, daemons on a grown chain, the pool's command line."""
import pathlib
import shlex
import shutil
import subprocess
import tempfile

from daemon import free_port
from processes import Program, end_all

TOP = pathlib.Path(__file__).resolve().parents[2]
GROWN = 110                  # coins of the first blocks are mature, and MWEB is far


def arguments(parser):
    parser.add_argument("--seed", type=int, help="of what is random; printed when it is not given")
    parser.add_argument("--difficulty", default="0.1", help="of stratum mine; our own clients ask for what suits them")
    parser.add_argument("--stratum", default=str(TOP / "stratum"), help="the command")
    parser.add_argument("--keep", action="store_true", help="leave the folder with data, logs and journal")


class Stage:
    def __init__(self, options):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="stratum-chaos-"))
        self.port = free_port()
        self._stratum, self._difficulty, self._keep = shlex.split(options.stratum), options.difficulty, options.keep
        # Builds it when needed, so that no pool waits for it later.
        subprocess.run([*self._stratum, "--help"], check=True, stdout=subprocess.DEVNULL)

    def grow(self, daemon):
        """Its address, after the first blocks, which a killed daemon keeps."""
        daemon.call("createwallet", "pool")
        address = daemon.call("getnewaddress", "", "bech32")
        daemon.generate(GROWN, address)
        daemon.flush()
        return address

    def pool(self, daemons, address, *more):
        command = [*self._stratum, "pool"]
        for daemon in daemons:
            command += ["--daemon", daemon.url, "--rpc-cookie", daemon.cookie]
        command += ["--coin", "litecoin", "--network", "regtest", "--address", address, "--difficulty", self._difficulty,
                    "--port", self.port, "--json", *more]
        return Program(command, self.folder / "pool.log")

    def miner(self):
        return Program([*self._stratum, "mine", f"stratum+tcp://127.0.0.1:{self.port}", "--user", "u", "--algorithm",
                        "scrypt", "--retry-for", "120s", "--json"], self.folder / "mine.log")

    def journal(self, file):
        """The lines of `stratum journal FILE --json`."""
        done = subprocess.run([*self._stratum, "journal", str(file), "--json"], capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise RuntimeError(f"stratum journal ended with {done.returncode}: {done.stderr.strip()}")
        return done.stdout.splitlines()

    def close(self):
        end_all()
        if self._keep:
            print(f"The folder stays: {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

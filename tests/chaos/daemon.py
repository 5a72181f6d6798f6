"""One litecoind in regtest, with a data folder that outlives it."""
import base64
import http.client
import json
import pathlib
import random
import socket
import subprocess

from processes import Missing, start, until

PROGRAM = "/usr/lib/litecoin/litecoind"      # /usr/bin/litecoind is a wrapper that writes into the home folder


def free_port():
    """One that no outgoing connection of anybody is given while whoever listens on it is dead, ours to itself included."""
    while True:
        port = random.randrange(10000, 30000)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


class Refused(Exception):
    """The daemon said no."""

    def __init__(self, method, error):
        super().__init__(f"{method}: {error}")
        self.code = error.get("code") if isinstance(error, dict) else None


class Daemon:
    def __init__(self, folder, *arguments):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        self.port = free_port()
        self.cookie = self.folder / "regtest" / ".cookie"
        self._arguments = [
            PROGRAM, "-regtest", "-server", "-printtoconsole=0", "-dnsseed=0", "-discover=0", "-upnp=0",
            "-rpcbind=127.0.0.1", "-rpcallowip=127.0.0.1", f"-rpcport={self.port}", f"-datadir={self.folder}",
            "-maxtipage=1000000000", "-keypool=5", *arguments]
        self.process = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def name(self):
        return f"127.0.0.1:{self.port}"

    def start(self):
        with open(self.folder / "stderr", "ab") as errors:
            self.process = start(self._arguments, stdout=subprocess.DEVNULL, stderr=errors)

    def ready(self, seconds=60):
        def test():
            if self.process.poll() is not None:
                raise Missing(f"litecoind ended with {self.process.returncode}; see {self.folder}")
            try:
                return self.call("getblockcount") >= 0
            except (OSError, http.client.HTTPException, Refused):
                return False
        until(f"litecoind {self.name}", test, seconds)

    def call(self, method, *parameters, timeout=30):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            credentials = base64.b64encode(self.cookie.read_bytes()).decode()
            body = json.dumps({"id": 1, "method": method, "params": parameters})
            connection.request("POST", "/", body, {"Authorization": f"Basic {credentials}"})
            text = connection.getresponse().read()
        finally:
            connection.close()
        if not text:
            raise http.client.HTTPException(f"{method}: an empty answer")
        answer = json.loads(text)
        if answer["error"]:
            raise Refused(method, answer["error"])
        return answer["result"]

    def generate(self, blocks, address):
        return self.call("generatetoaddress", blocks, address)

    def confirmations(self, block):
        """None: it does not know the block; -1: known, not on the best chain."""
        try:
            return self.call("getblockheader", block)["confirmations"]
        except Refused as refusal:
            if refusal.code == -5:
                return None
            raise

    def flush(self):
        """Writes its chain to disk, which it otherwise does once an hour: a killed one forgets all since."""
        self.call("gettxoutsetinfo")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.kill()

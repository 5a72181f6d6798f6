"""A small Stratum miner of our own, which writes down every job and every answer, with the hash of its block."""
import json
import pathlib
import random
import select
import socket
import struct
import sys
import threading
import time
from dataclasses import dataclass
from fractions import Fraction

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "referee"))
from chain import as_number, scrypt, sha256d, target_of     # noqa: E402
from wire import read_notify                                # noqa: E402

BATCH = 24                   # hashes between two looks at the socket
SUBSCRIBE, AUTHORIZE = 1, 2


def block_id(header):
    """As daemons print it."""
    return sha256d(header)[::-1].hex()


@dataclass
class Answer:
    block: str                         # the hash of the share's header
    is_block: bool                     # whether it met the target of its job's nbits
    sent: float
    at: float | None = None            # None: the answer never came
    accepted: bool = False
    error: list | None = None
    raced: bool = False                # a clean job came between the share and its answer


@dataclass
class Notify:
    at: float
    job: object


def seconds_a_hash():
    begun = time.monotonic()
    for number in range(64):
        scrypt(number.to_bytes(80, "little"))
    return (time.monotonic() - begun) / 64


def difficulty_for(hashes):
    """As a password: what takes so many hashes on average."""
    return f"d={hashes / 65536:.6f}"


class Client(threading.Thread):
    """Connects, mines while `mining` is set, and connects again when it is sent away."""

    def __init__(self, address, user, password="x", pause=0.0):
        """pause: seconds of rest between two batches of hashes, so that many of them leave room for others."""
        super().__init__(daemon=True)
        self._address, self._user, self._password, self._pause = address, user, password, pause
        self.answers, self.notifies = [], []
        self.ends = []                 # (time, how the connection ended, whether it had work)
        self.mining = threading.Event()
        self._stopping = threading.Event()
        self._fresh()

    def _fresh(self):
        self._buffer, self._waiting = b"", {}
        self.job = self.extranonce1 = None
        self._difficulty = Fraction(1)
        self._target = None
        self._nonce = 0

    def stop(self):
        self._stopping.set()
        self.join(10)

    def run(self):
        while not self._stopping.is_set():
            self._fresh()
            how = "stopped"
            try:
                with socket.create_connection(self._address, timeout=5) as connection:
                    how = self._session(connection)
            except ConnectionRefusedError:
                how = "refused"
            except ConnectionResetError:
                how = "reset"
            except OSError as error:
                how = type(error).__name__
            self.ends.append((time.monotonic(), how, self.job is not None))
            self._stopping.wait(0.1)

    def _session(self, connection):
        self._connection = connection
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._send(SUBSCRIBE, "mining.subscribe", ["chaos/1"])
        self._send(AUTHORIZE, "mining.authorize", [self._user, self._password])
        while not self._stopping.is_set():
            busy = self.mining.is_set() and self.job is not None
            if select.select([connection], [], [], self._pause if busy else 0.05)[0]:
                data = connection.recv(1 << 16)
                if not data:
                    return "closed"
                self.receive(data)
            elif busy:
                self._scan()
        return "stopped"

    def _send(self, number, method, params):
        self._connection.sendall(json.dumps({"id": number, "method": method, "params": params}).encode() + b"\n")

    # ------------------------------------------------------------------ in
    def receive(self, data):
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        for line in lines:
            self._line(json.loads(line))

    def _line(self, message):
        now, method, params = time.monotonic(), message.get("method"), message.get("params")
        if method == "mining.set_difficulty":
            self._difficulty = Fraction(str(params[0]))
        elif method == "mining.notify":
            job = read_notify(params)
            if job.clean:
                for waiting in self._waiting.values():
                    waiting.raced = True
            self.job, self._target = job, target_of(self._difficulty, "scrypt")
            self.notifies.append(Notify(now, job))
            self._new_work()
        elif method is None and message.get("id") == SUBSCRIBE:
            _, extranonce1, self._extranonce2_size = message["result"]
            self.extranonce1 = bytes.fromhex(extranonce1)
        elif method is None and message.get("id") in self._waiting:
            answer = self._waiting.pop(message["id"])
            answer.accepted, answer.error, answer.at = message.get("result") is True, message.get("error"), now

    # ------------------------------------------------------------------ work
    def _new_work(self):
        self._extranonce2 = random.randbytes(self._extranonce2_size)
        header = self.job.header(self.extranonce1, self._extranonce2, self.job.ntime, 0, self.job.version)
        self._prefix, self._nonce = header[:76], 0

    def _scan(self):
        for _ in range(BATCH):
            header = self._prefix + struct.pack("<I", self._nonce)
            self._nonce += 1
            number = as_number(scrypt(header))
            if number <= self._target:
                self._submit(header, number)
                return

    def _submit(self, header, number):
        answer = Answer(block_id(header), number <= self.job.block_target(), time.monotonic())
        self.answers.append(answer)
        number = len(self.answers) + AUTHORIZE
        self._waiting[number] = answer
        nonce, ntime = struct.unpack_from("<I", header, 76)[0], self.job.ntime
        self._send(number, "mining.submit",
                   [self._user, self.job.id, self._extranonce2.hex(), f"{ntime:08x}", f"{nonce:08x}"])

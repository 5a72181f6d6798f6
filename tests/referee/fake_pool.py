"""A small honest pool for the referee's own tests, and the same pool telling one lie at a time."""
import json
import random
import signal
import socket
import sys
import threading
import time

from chain import (PDIFF_ONE, PROOF_OF_WORK, SCALE, as_number, bip34_push, compact_target, merkle_root, sha256d,
                   swap_words)

MASK = 0x1FFFE000
LIES = {
    "prevhash order": "notify carries the header's byte order",
    "version bits ignored": "the header is built with the job's own version",
    "bits outside the mask": "version bits are not held against the mask",
    "mask not cleared": "the job's version has bits inside the mask",
    "duplicates": "no share is ever a duplicate",
    "duplicates by text": "a duplicate in other letters is a new share",
    "refused is seen": "a share that was refused counts as seen",
    "current difficulty": "shares are judged by the difficulty of now",
    "no fall": "after a fall, an older job's shares still need the old difficulty",
    "difficulty": "every share is accepted at half its difficulty",
    "stale": "shares of stale jobs are accepted",
    "clean always": "clean_jobs is always true",
    "clean never": "clean_jobs is false on a new block",
    "id": "the id is a counter of the pool's own",
    "id as number": "ids that are strings come back as null",
    "order": "every tenth answer overtakes the one before",
    "worker": "any worker name is good",
    "tip before worker": "the tip is looked at before the worker",
    "ntime": "ntime has no upper end",
    "no error member": "good answers have no error member",
    "silent": "requests without an id are answered",
    "early notify": "work comes before the authorize answer",
    "two difficulties": "set_difficulty is sent twice before one notify",
    "difficulty after": "set_difficulty is sent after its notify",
    "same id": "a new job under an old id",
    "unpadded": "ntime is not padded, nbits has spaces",
    "unsubscribed": "25 is answered as 24",
    "long nonce": "nine digits of nonce are cut to eight",
    "branch reversed": "the merkle branch is displayed, not hashed, order",
}


class FakePool:
    """Listens on a loopback port of its own. job_interval and block_time are seconds."""

    def __init__(self, difficulty, lie=None, algorithm="sha256d", nbits=0x1F07FFFF, job_interval=0.15, block_every=3,
                 seed=1):
        assert lie is None or lie in LIES
        self.algorithm, self.nbits, self.scale = algorithm, nbits, SCALE[algorithm]
        self.lie, self.difficulty, self.block_every = lie, difficulty, block_every
        self.random = random.Random(seed)
        self.lock = threading.RLock()
        self.sessions, self.jobs, self.seen = [], {}, set()
        self.tip, self.height, self.sequence = bytes(32), 100, 0
        self.job = None
        self.make_job()
        self.stopping = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = self.listener.getsockname()
        threading.Thread(target=self.accept, daemon=True).start()
        threading.Thread(target=self.tick, args=(job_interval,), daemon=True).start()

    def accept(self):
        number = 0
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            number += 1
            session = FakeSession(self, connection, number.to_bytes(4, "big"))
            self.sessions.append(session)
            threading.Thread(target=session.serve, daemon=True).start()

    def tick(self, interval):
        turn = 0
        while not self.stopping.wait(interval):
            turn += 1
            with self.lock:
                if turn % self.block_every == 0:
                    self.advance(self.random.randbytes(28) + bytes(4))
                else:
                    self.make_job()

    def advance(self, tip):
        self.tip, self.height = tip, self.height + 1
        self.make_job()

    def make_job(self):
        self.sequence += 1
        fresh = self.job is None or self.job["tip"] != self.tip
        script = bip34_push(self.height) + b"\x04" + self.sequence.to_bytes(4, "big")
        script_size = len(script) + 12
        part1 = bytes.fromhex("0200000001") + bytes(32) + b"\xff" * 4 + bytes([script_size]) + script
        part2 = b"\xff" * 4 + b"\x01" + (50 * 10 ** 8).to_bytes(8, "little") + b"\x01\x51" + bytes(4)
        identity = self.sequence // 2 if self.lie == "same id" else self.sequence
        self.job = dict(id=f"{identity:x}", tip=self.tip, part1=part1, part2=part2, time=int(time.time()), fresh=fresh,
                        branch=[self.random.randbytes(32) for _ in range(3)], bits=self.nbits,
                        version=0x20002000 if self.lie == "mask not cleared" else 0x20000000)
        self.jobs[self.job["id"]] = self.job
        for session in self.sessions:
            session.send_job()

    def close(self):
        self.stopping.set()
        self.listener.close()
        for session in self.sessions:
            session.connection.close()


class FakeSession:
    def __init__(self, pool, connection, extranonce1):
        self.pool, self.connection, self.extranonce1 = pool, connection, extranonce1
        self.subscribed, self.mask, self.workers = False, 0, []
        self.wished = pool.difficulty
        self.current, self.sent, self.tip = None, {}, None
        self.answers, self.delayed = 0, None

    def serve(self):
        try:
            with self.connection.makefile("rb") as lines:
                for line in lines:
                    with self.pool.lock:
                        self.take(line)
        except OSError:
            pass

    def write(self, text):
        try:
            self.connection.sendall(text.encode() + b"\n")
        except OSError:
            pass

    def take(self, line):
        try:
            message = json.loads(line, parse_int=Raw, parse_float=Raw)
            method = message["method"]
        except (ValueError, KeyError, TypeError):
            return
        if method == "pong":
            return
        params = message.get("params")
        result, error = self.handle(method, [] if params is None else params)
        identity = message.get("id")
        if identity is None and self.pool.lie != "silent":
            return
        self.answer(identity, result, error)
        if method == "mining.authorize" and self.subscribed and len(self.workers) == 1:
            self.send_job()

    def answer(self, identity, result, error):
        self.answers += 1
        text = identity.text if isinstance(identity, Raw) else json.dumps(identity, ensure_ascii=True)
        if self.pool.lie == "id":
            text = str(self.answers)
        if self.pool.lie == "id as number" and text.startswith('"'):
            text = "null"
        tail = "" if self.pool.lie == "no error member" and error is None else f',"error":{json.dumps(error)}'
        line = f'{{"id":{text},"result":{json.dumps(result)}{tail}}}'
        if self.pool.lie == "order" and self.answers % 10 == 0 and self.delayed is None:
            self.delayed = line
            return
        self.write(line)
        if self.delayed is not None:
            self.write(self.delayed)
            self.delayed = None

    def handle(self, method, params):
        pool = self.pool
        if method == "mining.subscribe":
            self.subscribed = True
            if pool.lie == "early notify":
                self.send_job(early=True)
            return [[["mining.notify", "1"]], self.extranonce1.hex(), 8], None
        if method == "mining.authorize":
            self.workers.append(params[0])
            if params[1].startswith("d="):
                self.wished = float(params[1][2:])
            return True, None
        if method == "mining.configure":
            result = {name: False for name in params[0]}
            if pool.algorithm == "scrypt":
                return result, None
            self.mask = int(params[1]["version-rolling.mask"], 16) & MASK
            return result | {"version-rolling": True, "version-rolling.mask": f"{self.mask:08x}"}, None
        if method == "mining.suggest_difficulty":
            self.wished = float(params[0].text)
            return True, None
        if method == "mining.get_transactions":
            return [], None
        if method == "mining.extranonce.subscribe":
            return True, None
        if method != "mining.submit":
            return None, [-3, "Method not found", None]
        code = self.judge(params)
        return (True, None) if code == 0 else (None, [code, f"refused {code}", None])

    def send_job(self, early=False):
        if not (early or self.subscribed and self.workers):
            return
        pool, job = self.pool, self.pool.job
        if job["id"] in self.sent and pool.lie != "same id":
            return
        changed = f'{{"id":null,"method":"mining.set_difficulty","params":[{self.wished:.12f}]}}'
        lines = [changed] if self.wished != self.current else []
        if lines and pool.lie == "two difficulties":
            lines = [lines[0].replace("]}", "1]}"), changed]
        previous = job["tip"] if pool.lie == "prevhash order" else swap_words(job["tip"])
        clean = job["tip"] != self.tip
        clean = True if pool.lie == "clean always" else self.tip is None if pool.lie == "clean never" else clean
        branch = [each[::-1] if pool.lie == "branch reversed" else each for each in job["branch"]]
        bits = f"{job['bits']:8x}"
        params = [job["id"], previous.hex(), job["part1"].hex(), job["part2"].hex(), [each.hex() for each in branch],
                  f"{job['version']:08x}", bits[1:] if pool.lie == "unpadded" else bits, f"{job['time']:08x}", clean]
        lines.append(json.dumps({"id": None, "method": "mining.notify", "params": params}))
        if pool.lie == "difficulty after":
            lines.reverse()
        self.current, self.tip = self.wished, job["tip"]
        self.sent[job["id"]] = job, self.current
        self.write("\n".join(lines))

    def judge(self, params):
        lie, pool = self.pool.lie, self.pool
        try:
            worker, identity, extranonce2 = params[:3]
            if type(worker) is not str or type(identity) is not str or type(extranonce2) is not str:
                return 20
            ntime, nonce = digits(params[3], lie), digits(params[4], lie)
            bits = digits(params[5], lie) if len(params) > 5 else None
        except (LookupError, TypeError, ValueError):
            return 20
        if not self.subscribed:
            return 24 if lie == "unsubscribed" else 25
        if identity not in self.sent:
            return 21
        job, difficulty = self.sent[identity]
        try:
            second = bytes.fromhex(extranonce2)
        except ValueError:
            return 20
        if len(extranonce2) != 16 or len(second) != 8:
            return 20
        version = job["version"]
        if bits is not None and lie != "version bits ignored":
            version = version & ~self.mask | bits
        root = merkle_root(job["part1"] + self.extranonce1 + second + job["part2"], job["branch"])
        numbers = [each.to_bytes(4, "little") for each in (version & 0xFFFFFFFF, ntime, job["bits"], nonce)]
        header = numbers[0] + job["tip"] + root + numbers[1] + numbers[2] + numbers[3]
        digest = PROOF_OF_WORK[pool.algorithm](header)
        key = repr(params) if lie == "duplicates by text" else digest
        code = self.rules(worker, bits, ntime, job, difficulty, digest, key)
        if code == 0 or lie == "refused is seen":
            pool.seen.add(key)
        if as_number(digest) <= compact_target(job["bits"]) and job["tip"] == pool.tip:
            pool.advance(sha256d(header))
        return code

    def rules(self, worker, bits, ntime, job, difficulty, digest, key):
        lie, pool = self.pool.lie, self.pool
        stale = job["tip"] != pool.tip and lie != "stale"
        if lie == "tip before worker" and stale:
            return 21
        if worker not in self.workers and len(self.workers) != 1 and lie != "worker":
            return 24
        if bits is not None and bits & ~self.mask and lie != "bits outside the mask":
            return 20
        if ntime > max(time.time(), job["time"]) + 7000 and lie != "ntime":
            return 20
        if stale:
            return 21
        difficulty = self.current if lie == "current difficulty" else difficulty
        difficulty = difficulty if lie == "no fall" else min(difficulty, self.current)
        if as_number(digest) > int(PDIFF_ONE * pool.scale / difficulty) * (2 if lie == "difficulty" else 1):
            return 23
        return 22 if key in pool.seen and lie != "duplicates" else 0


class Raw:
    """A JSON number as it was written."""

    def __init__(self, text):
        self.text = text


def digits(value, lie):
    if lie == "long nonce":
        value = value[:8]
    if type(value) is not str or not 1 <= len(value) <= 8 or any(c not in "0123456789abcdefABCDEF" for c in value):
        raise ValueError(value)
    return int(value, 16)


def main(algorithm, difficulty, lie=None):
    """As a command, for --spawn: until SIGTERM."""
    nbits = 0x1F07FFFF if algorithm == "sha256d" else 0x2001FFFF
    pool = FakePool(float(difficulty), lie, algorithm, nbits)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print(json.dumps({"event": "job", "height": pool.height}))
    print(json.dumps({"event": "listening", "address": pool.address[0], "port": pool.address[1]}), flush=True)
    signal.pause()


if __name__ == "__main__":
    main(*sys.argv[1:])

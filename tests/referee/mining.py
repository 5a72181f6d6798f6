"""Solves headers on worker processes, so that the referee's own loop stays free to listen."""
import hashlib
import multiprocessing
import os
import signal
from collections import deque

from chain import as_number, scrypt

TAILS = [high.to_bytes(2, "little") for high in range(65536)]
UNIT_HASHES = {"sha256d": 32768, "scrypt": 96}      # some 25 ms each: short enough that a new job is taken up at once


def scan(algorithm, prefix, low, count, limit):
    """Try `count` nonces whose lower 16 bits are `low`: [(nonce, hash as a number)] of those at most `limit`."""
    found = []
    top = limit >> 248
    start = prefix + low.to_bytes(2, "little")
    if algorithm == "scrypt":
        for high in range(count):
            digest = scrypt(start + TAILS[high])
            if digest[31] <= top and as_number(digest) <= limit:
                found.append((high << 16 | low, as_number(digest)))
        return found
    sha = hashlib.sha256
    fork = sha(start).copy                            # 64 of the 78 bytes are hashed here, once
    for high in range(count):
        inner = fork()
        inner.update(TAILS[high])
        digest = sha(inner.digest()).digest()
        if digest[31] <= top and as_number(digest) <= limit:
            found.append((high << 16 | low, as_number(digest)))
    return found


def _serve(pipe, parent):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        while True:
            while not pipe.poll(2):
                if os.getppid() != parent:            # the referee was killed
                    return
            token, arguments = pipe.recv()
            pipe.send((token, scan(*arguments)))
    except (EOFError, OSError):
        return


class Miners:
    """`processes` workers with at most two units of work each. 0: the work is done in place, for small tests."""

    def __init__(self, processes):
        self._local = deque()
        self._workers = []
        context = multiprocessing.get_context("fork")
        for _ in range(processes):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs, os.getpid()), daemon=True)
            process.start()
            theirs.close()
            self._workers.append([process, ours, 0])

    @property
    def pipes(self):
        return [pipe for _, pipe, _ in self._workers]

    def room(self):
        """How many units can be given out now."""
        if not self._workers:
            return 1 - len(self._local)
        return sum(2 - busy for _, _, busy in self._workers)

    def give(self, token, algorithm, prefix, low, limit):
        count = min(UNIT_HASHES[algorithm], max(64, (4 << 256) // (limit + 1)))      # some four finds at most
        arguments = (algorithm, prefix, low, count, limit)
        if not self._workers:
            self._local.append((token, arguments))
            return
        worker = min(self._workers, key=lambda each: each[2])
        worker[1].send((token, arguments))
        worker[2] += 1

    def results(self):
        """Whatever is finished: [(token, [(nonce, number)])]."""
        done = []
        while self._local:
            token, arguments = self._local.popleft()
            done.append((token, scan(*arguments)))
        for worker in self._workers:
            while worker[2] and worker[1].poll():
                done.append(worker[1].recv())
                worker[2] -= 1
        return done

    def close(self):
        for process, pipe, _ in self._workers:
            pipe.close()
            process.terminate()
            process.join()

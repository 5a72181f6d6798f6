"""One session with the pool: lines out, lines in, and the rules that every line from a pool has to keep."""
import errno
import json
import socket
import time
from collections import deque
from dataclasses import dataclass
from fractions import Fraction
from typing import Callable

from chain import Job, coinbase_height
from verdict import HEX, SentJob, View


class Number(str):
    """A JSON number exactly as it was written."""


def decode(line):
    return json.loads(line, parse_int=Number, parse_float=Number)


@dataclass
class Request:
    """A line that was sent. An id of None: no answer may come, but it takes effect in its turn all the same."""
    id: str | None                         # raw JSON
    line: str
    done: Callable                         # (request, answer or None)
    sent_at: float = 0.0
    moment: object = None


class WrongNotify(ValueError):
    pass


def hex_bytes(value, length=None):
    if not isinstance(value, str) or not HEX.issuperset(value) or len(value) % 2:
        raise WrongNotify(f"{value!r} is not hex bytes")
    if length is not None and len(value) != 2 * length:
        raise WrongNotify(f"{value!r} has {len(value)} digits, not {2 * length}")
    return bytes.fromhex(value)


def read_notify(params):
    """The parameters of mining.notify as a Job; WrongNotify says which of them breaks the format (B.3)."""
    if not isinstance(params, list) or len(params) != 9:
        raise WrongNotify("notify has not nine parameters")
    job_id, previous, part1, part2, branch, version, nbits, ntime, clean = params
    if type(job_id) is not str or not job_id or not job_id.isascii() or not job_id.isprintable():
        raise WrongNotify(f"job id {job_id!r} is not printable ASCII text")
    if not isinstance(branch, list) or len(branch) > 32:
        raise WrongNotify("the merkle branch is not an array of at most 32")
    if type(clean) is not bool:
        raise WrongNotify("clean_jobs is not a boolean")
    for value in (previous, part1, part2, version, nbits, ntime, *branch):
        if type(value) is not str:
            raise WrongNotify(f"{value!r} is not a string")
    numbers = (int.from_bytes(hex_bytes(value, 4), "big") for value in (version, nbits, ntime))
    return Job(job_id, hex_bytes(previous, 32), hex_bytes(part1), hex_bytes(part2),
               tuple(hex_bytes(each, 32) for each in branch), *numbers, clean)


class Session:
    """Sends requests, matches answers in order, and keeps every job in its View."""

    def __init__(self, name, address, tally, tip, book):
        self.view = View(name)
        self.tally, self.tip, self.book = tally, tip, book
        self.pending = deque()
        self.subscribe_result = None
        self.authorized = False            # a successful authorize answer has come
        self.asked_extranonce = self.configured = False
        self.difficulty = None
        self.closed = False
        self.may_close = False             # the pool may have a deadline for what this session is doing
        self.on_job = lambda session, sent: None
        self._set_difficulty = None        # arrived, its notify not yet
        self._in, self._out = b"", bytearray()
        self.socket = socket.create_connection(address, timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)

    @property
    def ready(self):
        """Whether this session has work to submit."""
        return self.view.current is not None and bool(self.view.workers) and self.view.subscribed and not self.closed

    # ------------------------------------------------------------------ out
    def request(self, raw_id, method, params_json, done, moment=None):
        """params_json: raw JSON, or None to leave the member out. raw_id: raw JSON, "null", or None to leave it out."""
        members = [] if raw_id is None else [f'"id":{raw_id}']
        members.append(f'"method":{json.dumps(method)}')
        if params_json is not None:
            members.append(f'"params":{params_json}')
        answered = None if raw_id in (None, "null") else raw_id
        request = Request(answered, "{" + ",".join(members) + "}", done, time.monotonic(), moment)
        self.pending.append(request)
        self.send_line(request.line)
        return request

    def send_line(self, line):
        self._out += line.encode() + b"\n"

    def flush(self):
        while self._out and not self.closed:
            try:
                del self._out[:self.socket.send(self._out)]
            except BlockingIOError:
                return
            except OSError as error:
                self._lost(error)

    # ------------------------------------------------------------------ in
    def receive(self):
        try:
            data = self.socket.recv(1 << 18)
        except BlockingIOError:
            return
        except OSError as error:
            return self._lost(error)
        if not data:
            return self._lost("end of stream")
        *lines, self._in = (self._in + data).split(b"\n")
        for line in lines:
            self._line(line)

    def _lost(self, why):
        if not self.closed:
            self.closed = True
            if self.may_close:
                self.pending.clear()
                return
            text = errno.errorcode.get(why.errno, str(why)) if isinstance(why, OSError) else why
            self.tally.disagree("rule: the session stays open", session=self.view.name, what=str(text))

    def _line(self, raw):
        try:
            line = raw.decode()
            message = decode(line)
            if not isinstance(message, dict):
                raise ValueError("not an object")
        except ValueError as error:
            self.tally.disagree("rule: every line is a JSON object", session=self.view.name, line=repr(raw),
                                why=str(error))
            return
        if "method" in message:
            self._notification(line, message)
        else:
            self._answer(line, message)

    # ------------------------------------------------------------------ answers
    def _answer(self, line, message):
        self._broken_pair(line)
        while self.pending and self.pending[0].id is None:
            silent = self.pending.popleft()
            silent.done(silent, None)
        facts = {"session": self.view.name, "line": line}
        if not self.pending:
            self.tally.disagree("rule: one answer per request", **facts, why="nothing was asked that is unanswered")
            return
        if message.get("id") is None:
            self.tally.disagree("rule: one answer per request", **facts, why="an answer without an id",
                                waiting=self.pending[0].line)
            return
        request = self.pending.popleft()
        expected = decode(request.id)
        echoed = message["id"] == expected and type(message["id"]) is type(expected) and request.id in line
        self.tally.rule("answers in order, ids echoed", echoed, **facts, request=request.line)
        self.tally.rule("result and error, the error [code, text, null]", self._shape(message), **facts)
        try:
            request.done(request, message)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            self.tally.disagree("rule: answers can be understood", **facts, request=request.line, why=repr(error))

    @staticmethod
    def _shape(message):
        if "result" not in message or "error" not in message:
            return False
        error = message["error"]
        if error is None:
            return message["result"] is not None
        return (isinstance(error, list) and len(error) == 3 and type(error[0]) is Number
                and type(error[1]) is str and bool(error[1]) and error[2] is None and not message["result"])

    def expect(self, kind, test):
        """A `done` for requests that are no submits: test(answer) must be true."""
        def done(request, answer):
            self.tally.rule(kind, test(answer), session=self.view.name, request=request.line, answer=repr(answer))
        return done

    def drain(self):
        """At the end: silent requests that no answer followed take effect too. Returns the unanswered ones."""
        left = [each for each in self.pending if each.id is not None]
        if not left:
            while self.pending:
                silent = self.pending.popleft()
                silent.done(silent, None)
        return left

    # ------------------------------------------------------------------ notifications
    def _broken_pair(self, line):
        if self._set_difficulty is not None:
            self.tally.disagree("rule: set_difficulty directly before notify", session=self.view.name,
                                line=line, why=f"this came after set_difficulty {self._set_difficulty}")
            self.difficulty, self._set_difficulty = self._set_difficulty, None

    def _notification(self, line, message):
        method, params = message["method"], message.get("params")
        facts = {"session": self.view.name, "line": line}
        if not self.authorized:
            self.tally.disagree("rule: only answers before the authorize answer", **facts)
        if method.startswith("mining.") and method != "mining.ping":
            self.tally.rule("notifications have id null", "id" in message and message["id"] is None, **facts)
        if method != "mining.notify":
            self._broken_pair(line)
        if method == "mining.notify":
            self._notify(line, params, facts)
        elif method == "mining.set_difficulty":
            self._new_difficulty(params, facts)
        elif method == "mining.set_extranonce":
            self.tally.rule("set_extranonce only to those who asked", self.asked_extranonce, **facts)
        elif method == "mining.set_version_mask":
            self.tally.rule("set_version_mask only after configure", self.configured, **facts)
            try:
                self.view.mask = int.from_bytes(hex_bytes(params[0], 4), "big")
            except (ValueError, LookupError, TypeError) as error:
                self.tally.disagree("rule: set_version_mask is 8 hex digits", **facts, why=str(error))

    def _new_difficulty(self, params, facts):
        value = params[0] if isinstance(params, list) and len(params) == 1 else None
        good = type(value) is Number and "e" not in value.lower() and Fraction(value) > 0
        self.tally.rule("set_difficulty is a positive number without exponent", good, **facts)
        if good:
            value = Fraction(value)
            self.tally.rule("set_difficulty only when it changes", value != self.difficulty, **facts)
            self._set_difficulty = value

    def _notify(self, line, params, facts):
        if self._set_difficulty is not None:
            self.difficulty, self._set_difficulty = self._set_difficulty, None
        try:
            job = read_notify(params)
            height = None
            if self.view.subscribed:
                height = coinbase_height(job.coinbase(self.view.extranonce1, bytes(self.view.extranonce2_size)))
        except ValueError as error:
            self.tally.disagree("rule: notify format", **facts, why=str(error))
            return
        self.tally.agree("rule: notify format")
        self.tally.rule("work only after subscribe and authorize", self.view.subscribed and self.authorized, **facts)
        self.tally.rule("a difficulty before the first job", self.difficulty is not None, **facts)
        before = self.view.current
        moved = before is None or before.job.previous != job.previous
        self.tally.rule("clean on the first job and on a new previous block only", job.clean == moved, **facts,
                        before=repr(before and before.job))
        self.book.enter(self, job, height, facts)
        now = time.monotonic()
        self.tip.notice(job.previous, now)
        sent = SentJob(job, self.difficulty or Fraction(1), now, before.number + 1 if before else 1)
        self.view.jobs[job.id] = self.view.current = sent
        self.on_job(self, sent)


class JobBook:
    """What holds between all jobs of all sessions."""

    def __init__(self, tally):
        self._tally = tally
        self._work, self._id_of, self._height = {}, {}, {}
        self.mask = 0                      # the pool's, as its configure answer said
        self.clean = self.ordinary = 0

    def enter(self, session, job, height, facts):
        rule = self._tally.rule
        known = self._work.get(job.id)
        if known is None:
            self.clean += job.previous not in self._height
            self.ordinary += job.previous in self._height
        rule("job ids never repeated for different work", known is None or known == job.work(), **facts)
        rule("the same work never under another id", self._id_of.get(job.work(), job.id) == job.id, **facts)
        rule("mask bits cleared in the job", not job.version & self.mask, **facts, mask=f"{self.mask:08x}")
        rule("a session gets a job once", job.id not in session.view.jobs, **facts)
        rule("one height per previous block", self._height.get(job.previous, height) == height, **facts,
             heights=f"{height}, before {self._height.get(job.previous)}")
        self._work[job.id] = job.work()
        self._id_of[job.work()] = job.id
        self._height[job.previous] = height

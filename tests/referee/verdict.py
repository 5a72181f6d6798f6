"""The verdict on a submit: DESIGN.md section 4's checks, in its order, on the parameters as they were sent.

Where the design leaves two answers open, both are allowed; the referee avoids sending such submits.
"""
from dataclasses import dataclass, field
from fractions import Fraction

from chain import PROOF_OF_WORK, as_number, rolled_version, sha256d, target_of, with_tolerance

ACCEPTED = 0
TEXT = {0: "accepted", 20: "20 other", 21: "21 stale", 22: "22 duplicate", 23: "23 low difficulty",
        24: "24 unauthorized", 25: "25 not subscribed"}
NTIME_AHEAD = 7000             # seconds beyond max(now, curtime)
NTIME_DOUBT = 30               # so near to the limit that the clocks decide
STALE_GRACE = 1.0              # seconds on either side of a clean job in which 21 is excused
REMEMBERED = 12                # jobs ago that a pool must still know
HEX = frozenset("0123456789abcdefABCDEF")


@dataclass
class SentJob:
    """A job as one session received it."""
    job: object
    difficulty: Fraction
    received: float
    number: int                # 1 for the session's first


@dataclass
class View:
    """What the pool knows of a session, learned from the same lines that the pool sent and was sent."""
    name: str
    extranonce1: bytes = None
    extranonce2_size: int = 0
    mask: int = 0
    workers: list = field(default_factory=list)
    jobs: dict = field(default_factory=dict)
    current: SentJob = None

    @property
    def subscribed(self):
        return self.extranonce1 is not None


@dataclass
class Reading:
    """A submit's parameters that could be read."""
    worker: str
    job: str
    extranonce2: str
    ntime: int
    nonce: int
    bits: int | None


@dataclass
class Expectation:
    allowed: frozenset
    why: str
    hash: bytes | None = None          # the header's proof of work
    block_id: bytes | None = None      # when that meets the job's nbits
    sent: SentJob | None = None
    by_current: bool = False           # accepted only because the difficulty fell since

    @property
    def text(self):
        return " or ".join(TEXT.get(code, str(code)) for code in sorted(self.allowed))


@dataclass
class Moment:
    """What was true when a line was sent: the clock, and what the session had been told by then."""
    wall: float
    current: SentJob | None


def hex_number(value):
    """1 to 8 hex digits in either case, or None."""
    if isinstance(value, str) and 1 <= len(value) <= 8 and HEX.issuperset(value):
        return int(value, 16)
    return None


def read(params):
    """A Reading, or the text that says what cannot be read."""
    if not isinstance(params, list):
        return "params are not an array"
    if len(params) < 5:
        return f"{len(params)} parameters"
    worker, job, extranonce2 = params[:3]
    if not all(isinstance(each, str) for each in (worker, job, extranonce2)):
        return "worker, job or extranonce2 is not a string"
    ntime, nonce = hex_number(params[3]), hex_number(params[4])
    bits = hex_number(params[5]) if len(params) > 5 else None
    if ntime is None or nonce is None or (len(params) > 5 and bits is None):
        return "ntime, nonce or version bits are not 1 to 8 hex digits"
    return Reading(worker, job, extranonce2, ntime, nonce, bits)


def judge(view, params, moment, seen, algorithm):
    """What a correct pool answers to `params` on the session `view`. seen: the hashes that were accepted."""
    reading = read(params)
    if isinstance(reading, str):
        return Expectation(frozenset({20}), reading)
    sent = view.jobs.get(reading.job)
    size = view.extranonce2_size
    if not HEX.issuperset(reading.extranonce2) or len(reading.extranonce2) != 2 * size:
        # The size belongs to the subscription, so a pool may look at that (and at the job) first.
        other = {25} if not view.subscribed else {21} if sent is None else set()
        return Expectation(frozenset({20} | other), f"extranonce2 is not {2 * size} hex digits")
    if not view.subscribed:
        return Expectation(frozenset({25}), "the session never subscribed")
    if sent is None:
        return Expectation(frozenset({21}), "that job was never sent to this session")
    expectation = judge_header(view, reading, sent, moment, seen, algorithm)
    if moment.current.number - sent.number >= REMEMBERED:
        expectation.allowed |= {21}
    return expectation


def judge_header(view, reading, sent, moment, seen, algorithm):
    job, bits = sent.job, reading.bits or 0
    version = job.version if reading.bits is None else rolled_version(job.version, bits, view.mask)
    header = job.header(view.extranonce1, bytes.fromhex(reading.extranonce2), reading.ntime, reading.nonce, version)
    hash_ = PROOF_OF_WORK[algorithm](header)
    result = Expectation(frozenset(), "", hash_, sent=sent)
    if as_number(hash_) <= job.block_target() and not bits & ~view.mask:
        result.block_id = sha256d(header)
    codes, result.why = check(view, reading, sent, moment, seen, algorithm, result)
    result.allowed = frozenset(codes)
    return result


def check(view, reading, sent, moment, seen, algorithm, result):
    """The checks that follow the header, in order: 24, 20, 20, 21, 23, 22."""
    job, number = sent.job, as_number(result.hash)
    if reading.worker not in view.workers and len(view.workers) != 1:
        return {24}, f"{reading.worker!r} is none of {view.workers}"
    if (reading.bits or 0) & ~view.mask:
        return {20}, f"version bits {reading.bits:08x} are outside the mask {view.mask:08x}"
    ahead = reading.ntime - max(moment.wall, job.ntime) - NTIME_AHEAD
    if ahead > NTIME_DOUBT:
        return {20}, f"ntime is {ahead:.0f} s beyond the limit"
    unsure = {20} if ahead > -NTIME_DOUBT or reading.ntime < job.ntime else set()
    if job.previous != moment.current.job.previous:
        return {21} | unsure, "a clean job for another previous block was received before this was sent"
    own = with_tolerance(target_of(sent.difficulty, algorithm))
    now = with_tolerance(target_of(moment.current.difficulty, algorithm))
    if number > max(own, now):
        return {23} | unsure, f"the hash is above the target of the job's difficulty {float(sent.difficulty):.10g}"
    if result.hash in seen:
        return {22} | unsure, "this header was accepted before"
    result.by_current = number > own
    return {ACCEPTED} | unsure, "it passes every check" + (" by the lower difficulty of now" * result.by_current)


class Tip:
    """When each previous block was first seen to be replaced, on any session."""

    def __init__(self):
        self._order, self._left = [], {}
        self.on_change = lambda old, new: None

    def notice(self, previous, now):
        """True the first time that this previous block is seen."""
        if previous in self._order:
            return False
        if self._order:
            self._left[self._order[-1]] = now
            self.on_change(self._order[-1], previous)
        self._order.append(previous)
        return True

    def excuses(self, previous, sent_at):
        """Whether 21 is allowed for a share on `previous` that was sent at `sent_at`: a clean job came within a second,
        or another session had it already."""
        left = self._left.get(previous)
        return left is not None and left - sent_at <= STALE_GRACE

"""One match between the referee and a pool: who submits what when, and what becomes of it."""
import json
import random
import selectors
import time
from collections import defaultdict, deque
from fractions import Fraction

import cast
from chain import swap_words, target_of
from kinds import Find, Hostile, disguise
from tally import Tally
from verdict import ACCEPTED, STALE_GRACE, TEXT, Moment, Tip, judge
from wire import JobBook

WINDOW = 64                    # unanswered requests a session may have: what is sent is judged soon after
GIVE_UP = 500                  # disagreements: there is nothing more to learn
FIRST_WORK = 8                 # seconds until at least one session must have a job
NEAR = 4                       # near misses: up to so many times the target
ROLES = ("rolling", "plain", "pair", "wish", "guest", "deaf")
WEIGHTS = {"rolling": 4, "plain": 2, "pair": 2, "late": 2}


class Match:
    def __init__(self, options, address, miners, out=print):
        self.options, self.address, self.miners, self.out = options, address, miners, out
        self.rng = random.Random(options.seed)
        self.difficulty = Fraction(options.difficulty)
        self.tally = Tally(out)
        self.tip = Tip()
        self.tips = []                 # (old, new) previous blocks, in order
        self.tip.on_change = lambda old, new: self.tips.append((old, new))
        self.book = JobBook(self.tally)
        self.sessions, self.opened_at = {}, {}
        self.accepted = defaultdict(lambda: deque(maxlen=60))      # finds that the pool accepted, by session
        self.stale = defaultdict(lambda: deque(maxlen=60))         # finds held back, or solved too late
        self.hostile = Hostile(self.rng, self.sessions, self.accepted, self.stale)
        self.seen = set()
        self.suspects = []             # answered 21 where something else was due: a clean job may still excuse it
        self.blocks = {}               # block id -> the previous block it extends
        self.followed = self.missed = 0        # tips followed by a block of ours; by another's although we had one
        self.units, self.next_unit = {}, 0
        self.met_at = None             # when everything that was asked for had been done
        self.finds = deque()
        self.shares = self.hostile_sent = self.malformed_lines = 0
        self.selector = selectors.DefaultSelector()
        for pipe in miners.pipes:
            self.selector.register(pipe, selectors.EVENT_READ)

    # ------------------------------------------------------------------ the run
    def run(self):
        start = time.monotonic()
        deadline = start + self.options.timeout
        for role in ROLES:
            self.open(role)
        self.wish = cast.Wish(self.sessions["wish"], self.difficulty, self.tally, self._submit_find)
        while not self._done():
            if time.monotonic() > deadline:
                self.tally.disagree("rule: all done in time", what=self._progress())
                break
            if time.monotonic() - start > FIRST_WORK and not self._anyone_works():
                self.tally.disagree("rule: work comes after subscribe and authorize", what=f"none in {FIRST_WORK} s")
                break
            if self.tally.failed > GIVE_UP:
                self.out(f"given up after {GIVE_UP} disagreements")
                break
            if any(session.closed and not session.may_close for session in self.sessions.values()):
                break
            self.step()
        self._wind_up()
        self._count_blocks()
        self._final_rules()
        self.tally.print_table()
        self.out(f"{self._progress()} in {time.monotonic() - start:.0f} s; {self.tally.excused} answered 21 around a "
                 f"clean job; difficulty rises {self.wish.rises}, falls {self.wish.falls} with shares in flight; "
                 f"blocks of ours that became the tip {self.followed}")
        self.out(f"{self.tally.passed} passed, {self.tally.failed} failed")
        return self.tally.failed == 0

    def _progress(self):
        return (f"{self.shares} shares, {self.hostile_sent} hostile submits, {self.changes} job changes "
                f"(in all {self.book.clean} clean jobs and {self.book.ordinary} others)")

    @property
    def changes(self):
        """Of a session that asks for nothing: an extra job for one that wished for a difficulty is not counted."""
        current = self.sessions["rolling"].view.current
        return current.number - 1 if current else 0

    def _done(self):
        options = self.options
        if (self.shares < options.shares or self.hostile_sent < options.hostile
                or self.changes < options.job_changes or self._waiting()):
            return False
        # On a lively chain a change of difficulty seldom comes between two blocks: wait a little for one each way.
        self.met_at = self.met_at or time.monotonic()
        return self.wish.rises and self.wish.falls or time.monotonic() - self.met_at > options.wait_for_wishes

    def _anyone_works(self):
        return any(session.ready for session in self.sessions.values())

    def _waiting(self):
        return any(request.id for session in self.sessions.values() for request in session.pending)

    def step(self):
        now = time.monotonic()
        self._listen()
        self._settle(now)
        self._reopen(now)
        for token, solved in self.miners.results():
            self._solved(token, solved)
        while self.finds and self._room(self.finds[0].session):
            self._use(self.finds.popleft())
        self._attack()
        self._feed()
        for session in self.sessions.values():
            session.flush()

    def _listen(self):
        for key, _ in self.selector.select(0 if self.finds else 0.01):
            if key.data is not None:
                key.data.receive()

    # ------------------------------------------------------------------ sessions
    def open(self, role):
        password = "d=" + cast.decimal(2 * self.difficulty) if role == "wish" else "x"
        session = cast.open_session(role, self.address, self.tally, self.tip, self.book, self.options.algorithm,
                                    password)
        session.flush()
        self.selector.register(session.socket, selectors.EVENT_READ, session)
        self.sessions[role], self.opened_at[role] = session, time.monotonic()

    def _reopen(self, now):
        if "late" not in self.sessions and self.changes >= self.options.job_changes / 2:
            self.open("late")
        for role, session in list(self.sessions.items()):
            if session.closed and session.socket.fileno() >= 0:
                self.selector.unregister(session.socket)
                session.socket.close()
            if session.closed and session.may_close and now - self.opened_at[role] > 1:
                self.open(role)

    @staticmethod
    def _room(session):
        return len(session.pending) < WINDOW

    # ------------------------------------------------------------------ mining
    def _quota(self):
        """Shares are spread over the job changes that are asked for, so that each job gets some."""
        return self.options.shares * (self.changes + 3) // (self.options.job_changes + 1)

    def _feed(self):
        candidates = [name for name in WEIGHTS if name in self.sessions and self.sessions[name].ready]
        if not candidates or len(self.finds) > 50:
            return
        paused = self.shares >= self._quota()
        for _ in range(self.miners.room()):
            if self.wish.wants_work and self.rng.random() < (1 if paused else 0.15):
                session = self.sessions["wish"]
            elif paused:
                return
            else:
                weights = [WEIGHTS[name] for name in candidates]
                session = self.sessions[self.rng.choices(candidates, weights)[0]]
            self._give_unit(session)

    def _give_unit(self, session):
        rng, view, sent = self.rng, session.view, session.view.current
        later = rng.choice((0, 0, 0, 1, rng.randrange(60), rng.randrange(6900)))
        bits = rng.getrandbits(32) & view.mask if view.mask and rng.random() < 0.8 else None
        unit = Find(session, sent, rng.randbytes(view.extranonce2_size), sent.job.ntime + later, 0, bits, 0)
        version = sent.job.version if bits is None else sent.job.version & ~view.mask | bits
        header = sent.job.header(view.extranonce1, unit.extranonce2, unit.ntime, 0, version)
        limit = min(NEAR * target_of(sent.difficulty, self.options.algorithm), (1 << 256) - 1)
        self.next_unit += 1
        self.units[self.next_unit] = unit
        self.miners.give(self.next_unit, self.options.algorithm, header[:76], rng.getrandbits(16), limit)

    def _solved(self, token, solved):
        unit = self.units.pop(token)
        for nonce, number in solved:
            find = Find(unit.session, unit.sent, unit.extranonce2, unit.ntime, nonce, unit.bits, number)
            if unit.session is self.wish_session:
                self.wish.take(find, self._target(2 * self.difficulty), self._target(8 * self.difficulty))
            else:
                self.finds.append(find)

    @property
    def wish_session(self):
        return self.sessions["wish"]

    def _target(self, difficulty):
        return target_of(difficulty, self.options.algorithm)

    # ------------------------------------------------------------------ submits
    def _use(self, find):
        session, rng = find.session, self.rng
        if find.number > self._target(find.sent.difficulty):
            if self.hostile_sent < self.options.hostile and rng.random() < 0.3:
                self.hostile_sent += 1
                self._submit_find(session, "below target, nearly", find)
            return
        choice = rng.random()
        if not find.live or choice < 0.06:
            self.stale[session.view.name].append(find)
        elif choice < 0.10:
            self.submit(session, "share without an id", json.dumps(find.params()), find, has_id=False)
            self._submit_find(session, "the same with an id", find)
        elif choice < 0.22 and session.view.name == "pair":
            self.submit(session, "unknown worker, good share", json.dumps(find.params("nobody")))
            self._submit_find(session, "the same by a known worker", find)
        elif choice < 0.40:
            self.submit(session, "share in disguise", json.dumps(disguise(rng, find.params(), session.view)), find)
        elif choice < 0.45:
            self._submit_find(session, "share", find)          # and once more before the first is answered
            self._submit_find(session, "replayed at once", find)
        else:
            workers = session.view.workers
            self.submit(session, "share", json.dumps(find.params(rng.choice(workers))), find)

    def _hostile_due(self):
        options = self.options
        return options.hostile * min(1.0, (self.shares + 1) / max(1, options.shares))

    def _attack(self):
        for _ in range(60):
            if self.hostile_sent >= self._hostile_due():
                return
            drawn = self.hostile.draw()
            if drawn is None or not self._room(drawn[0]) or drawn[0].closed:
                continue
            session, kind, raw, has_id = drawn
            self.hostile_sent += 1
            self.submit(session, kind, raw, has_id=has_id)
            if self.rng.random() < 0.01:
                if session.ready:
                    cast.small_talk(session, self.rng)
        plain = self.sessions["plain"]
        if self.malformed_lines < len(cast.MALFORMED_LINES) and plain.view.current:
            plain.send_line(cast.MALFORMED_LINES[self.malformed_lines])
            self.malformed_lines += 1

    def _submit_find(self, session, kind, find):
        self.submit(session, kind, json.dumps(find.params()), find)

    def _id(self):
        rng = self.rng
        return rng.choice((str(rng.getrandbits(20)), str(rng.getrandbits(20)), "4", f'"s{rng.getrandbits(30)}"',
                           str(rng.getrandbits(200)), str(-rng.getrandbits(70)), '"\\u00e4 \\"q\\""', '""',
                           "0", "1.50"))

    def submit(self, session, kind, raw_params, find=None, has_id=True):
        moment = Moment(time.time(), session.view.current)
        params = [] if raw_params is None else json.loads(raw_params)
        raw_id = self._id() if has_id else self.rng.choice(("null", None))

        def done(request, answer):
            self._answered(session, kind, params, find, request, answer)

        session.request(raw_id, "mining.submit", raw_params, done, moment)

    def _answered(self, session, kind, params, find, request, answer):
        expected = judge(session.view, params, request.moment, self.seen, self.options.algorithm)
        if expected.block_id:
            self.blocks[expected.block_id] = expected.sent.job.previous
        if answer is None:
            self.tally.agree(kind, "no answer")
            code = min(expected.allowed)
        else:
            code = self._code(answer)
            self._compare(session, kind, request, answer, expected, code)
        if code == ACCEPTED and expected.hash:
            self.seen.add(expected.hash)
            self.shares += answer is not None and ACCEPTED in expected.allowed
            if find is not None and not expected.by_current:
                self.accepted[session.view.name].append(find)

    @staticmethod
    def _code(answer):
        """0 for a good answer, the error's code for a refusal, else the text of what this is."""
        error = answer.get("error")
        if error is None:
            return ACCEPTED if answer.get("result") is True else f"result {answer.get('result')!r} without error"
        try:
            return int(error[0])
        except (TypeError, ValueError, LookupError):
            return f"error {error!r}"

    def _compare(self, session, kind, request, answer, expected, code):
        if code in expected.allowed:
            self.tally.agree(kind, TEXT[code])
            return
        facts = dict(session=session.view.name, sent=request.line, answer=json.dumps(answer), expected=expected.text,
                     because=expected.why, answered=f"{time.monotonic() - request.sent_at:.3f} s after it was sent")
        if expected.hash:
            facts.update(hash=expected.hash[::-1].hex(), job=repr(expected.sent.job),
                         difficulty=f"{float(expected.sent.difficulty):.10g}", mask=f"{session.view.mask:08x}")
        # 20 and 24 are decided before the tip is looked at; the others may have met a new one.
        if code == 21 and expected.allowed & {ACCEPTED, 22, 23}:
            self.suspects.append((request.sent_at, expected.sent.job.previous, kind, facts))
        else:
            self.tally.disagree(kind, TEXT.get(code, str(code)), **facts)

    def _settle(self, now):
        """21 instead of another verdict: excused once a clean job is known to have come within a second."""
        waiting = []
        for suspect in self.suspects:
            sent_at, previous, kind, facts = suspect
            if self.tip.excuses(previous, sent_at):
                self.tally.excused += 1
                self.tally.agree(kind, TEXT[21])
            elif now - sent_at < STALE_GRACE + 0.5:
                waiting.append(suspect)
            else:
                self.tally.disagree(kind, TEXT[21], **facts, clean="no clean job within a second of it")
        self.suspects = waiting

    # ------------------------------------------------------------------ blocks, and the end
    def _count_blocks(self):
        for old, new in self.tips:
            ours = {block for block, previous in self.blocks.items() if previous == old}
            self.followed += swap_words(new) in ours
            self.missed += bool(ours) and swap_words(new) not in ours

    def _wind_up(self):
        """Waits for the last answers, then for the clean jobs that may excuse the last 21."""
        end = time.monotonic() + 5
        while time.monotonic() < end and (self.suspects or self._waiting()):
            for session in self.sessions.values():
                session.flush()
            self._listen()
            self._settle(time.monotonic())
        for session in self.sessions.values():
            for request in session.drain():
                self.tally.disagree("rule: one answer per request", session=session.view.name, sent=request.line,
                                    why="it was never answered")
        self._settle(float("inf"))

    def _final_rules(self):
        rule = self.tally.rule
        prefixes = [each.view.extranonce1 for each in self.sessions.values() if each.view.subscribed]
        rule("every session its own extranonce1", len(set(prefixes)) == len(prefixes), prefixes=repr(prefixes))
        rule("no extranonce1 the beginning of another",
             not any(a != b and a.startswith(b) for a in prefixes for b in prefixes), prefixes=repr(prefixes))
        rule("clean jobs and others were seen", self.book.clean > 1 and self.book.ordinary > 0, what=self._progress())
        for name in ("rolling", "plain", "pair"):
            first = next(iter(self.sessions[name].view.jobs.values()), None)
            rule("the first difficulty is the pool's", first and first.difficulty == self.difficulty, session=name,
                 first=str(first and float(first.difficulty)))
        first = next(iter(self.wish_session.view.jobs.values()), None)
        rule("d= in the password sets the first difficulty", first and first.difficulty == 2 * self.difficulty,
             first=str(first and float(first.difficulty)))
        if self.followed + self.missed >= 3:
            rule("blocks of ours become the tip", self.followed > 0, missed=str(self.missed))

    def close(self):
        for session in self.sessions.values():
            session.socket.close()
        self.selector.close()

"""The submits that are wrong, or look wrong, on purpose. What they deserve is computed from the line, in verdict.py."""
import json
import time
from dataclasses import dataclass

from verdict import NTIME_AHEAD

RECENT = 6                     # jobs ago that every pool must still know exactly


@dataclass(frozen=True)
class Find:
    """A solved header of a job of a session."""
    session: object
    sent: object
    extranonce2: bytes
    ntime: int
    nonce: int
    bits: int | None
    number: int                # its hash

    def params(self, worker=None, session=None):
        worker = (session or self.session).view.workers[0] if worker is None else worker
        params = [worker, self.sent.job.id, self.extranonce2.hex(), f"{self.ntime:08x}", f"{self.nonce:08x}"]
        return params if self.bits is None else params + [f"{self.bits:08x}"]

    @property
    def live(self):
        return self.sent.job.previous == self.session.view.current.job.previous


def disguise(rng, params, view):
    """The same share in other letters."""
    params = list(params)
    if len(params) == 5 and rng.random() < 0.5:
        params.append(rng.choice(("00000000", "0")))
    elif len(params) == 6 and int(params[5], 16) == 0 and rng.random() < 0.5:
        params.pop()
    if rng.random() < 0.6:
        params[2:5] = [each.upper() for each in params[2:5]]
    if rng.random() < 0.6:
        params[4:] = [each.lstrip("0") or "0" for each in params[4:]]
    if len(params) == 6 and rng.random() < 0.4:
        params += rng.choice((["x"], [None, 1], ["00000000"], [{}], [[], "", True]))
    if len(view.workers) == 1 and rng.random() < 0.4:
        params[0] = rng.choice(("somebody.else", "", "referee", "ä€"))
    return params


class Hostile:
    """Draws submits by weight. `stock` holds what was seen so far: accepted and stale shares, by session name."""

    KINDS = (("random", 14), ("replayed", 14), ("disguised", 14), ("stale_share", 10), ("stale_random", 6),
             ("stale_replay", 5), ("stale_and_wrong", 4), ("unknown_job", 6), ("job_before_joining", 3),
             ("bits_outside", 8), ("late_ntime", 7), ("malformed", 20), ("unknown_worker", 10), ("not_subscribed", 5),
             ("not_authorized", 5), ("foreign_share", 6), ("silent", 3))

    def __init__(self, rng, sessions, accepted, stale):
        self.rng, self.sessions, self.accepted, self.stale = rng, sessions, accepted, stale
        self._names = [name for name, _ in self.KINDS]
        self._weights = [weight for _, weight in self.KINDS]

    def draw(self):
        """(session, kind, raw params or None, whether it has an id), or None if there is nothing of that kind."""
        name = self.rng.choices(self._names, self._weights)[0]
        drawn = getattr(self, name)()
        if drawn is None:
            return None
        session, kind, params = drawn
        raw = params if isinstance(params, str) or params is None else json.dumps(params)
        return session, kind, raw, name != "silent"

    # ------------------------------------------------------------------ material
    def working(self, *roles):
        names = roles or ("rolling", "plain", "pair", "late")
        ready = [self.sessions[name] for name in names if name in self.sessions and self.sessions[name].ready]
        return self.rng.choice(ready) if ready else None

    def guess(self, session, sent=None):
        sent = sent or session.view.current
        view = session.view
        bits = self.rng.getrandbits(32) & view.mask if view.mask and self.rng.random() < 0.8 else None
        return Find(session, sent, self.rng.randbytes(view.extranonce2_size), sent.job.ntime + self.rng.randrange(61),
                    self.rng.getrandbits(32), bits, 0)

    def old_job(self, session, recent):
        """A job on a previous block that is the tip no more."""
        current = session.view.current
        jobs = [sent for sent in session.view.jobs.values() if sent.job.previous != current.job.previous
                and (not recent or current.number - sent.number < RECENT)]
        return self.rng.choice(jobs[-40:]) if jobs else None

    def replay(self, live):
        session = self.working()
        finds = [find for find in self.accepted[session.view.name] if find.live == live] if session else []
        return (session, self.rng.choice(finds)) if finds else (None, None)

    # ------------------------------------------------------------------ kinds
    def random(self):
        session = self.working()
        return session and (session, "random", self.guess(session).params())

    def silent(self):
        session = self.working()
        return session and (session, "random, without an id", self.guess(session).params())

    def replayed(self):
        session, find = self.replay(True)
        return session and (session, "replayed", find.params())

    def disguised(self):
        session, find = self.replay(True)
        return session and (session, "replayed in disguise", disguise(self.rng, find.params(), session.view))

    def stale_replay(self):
        session, find = self.replay(False)
        return session and (session, "replayed, stale by now", find.params())

    def stale_share(self):
        session = self.working()
        finds = self.stale[session.view.name] if session else ()
        finds = [find for find in finds if not find.live]
        return (session, "good share of a stale job", self.rng.choice(finds).params()) if finds else None

    def stale_random(self):
        session = self.working()
        sent = session and self.old_job(session, False)
        return sent and (session, "random, of a stale job", self.guess(session, sent).params())

    def stale_and_wrong(self):
        session = self.working()
        sent = session and self.old_job(session, True)
        if not sent:
            return None
        if session.view.name == "pair":
            return session, "stale job, unknown worker", self.guess(session, sent).params("nobody")
        return session, "stale job, bits outside the mask", self.with_bits_outside(session, sent)

    def unknown_job(self):
        session = self.working()
        if not session:
            return None
        known = session.view.jobs
        name = self.rng.choice(("", "zz", "0" * 64, f"{self.rng.getrandbits(62):x}", session.view.current.job.id + " ",
                                session.view.current.job.id + "0", "j" * 900, "\u00e4", "null"))
        params = self.guess(session).params("nobody" if self.rng.random() < 0.2 else None)
        return None if name in known else (session, "unknown job id", [params[0], name, *params[2:]])

    def job_before_joining(self):
        if "late" not in self.sessions or not self.sessions["late"].ready:
            return None
        late = self.sessions["late"]
        rolling = self.sessions["rolling"].view
        if rolling.current is None:
            return None
        others = [sent for sent in rolling.jobs.values() if sent.job.id not in late.view.jobs
                  and sent.number < rolling.current.number - 1]
        if not others:
            return None
        return late, "job from before the session joined", self.guess(late, self.rng.choice(others[-30:])).params()

    def with_bits_outside(self, session, sent=None):
        params = self.guess(session, sent).params()[:5]
        outside = ~session.view.mask & 0xFFFFFFFF
        if self.rng.random() < 0.5:
            bits = self.rng.choice([1 << n for n in range(32) if outside >> n & 1])       # just one wrong bit
        else:
            bits = self.rng.getrandbits(32) & outside or outside
        bits |= self.rng.getrandbits(32) & session.view.mask
        return params + [f"{bits:x}" if self.rng.random() < 0.3 else f"{bits:08x}"]

    def bits_outside(self):
        session = self.working()
        return session and (session, "version bits outside the mask", self.with_bits_outside(session))

    def late_ntime(self):
        session = self.working()
        if not session:
            return None
        params = self.guess(session).params()
        latest = max(time.time(), session.view.current.job.ntime) + NTIME_AHEAD
        late = int(latest) + self.rng.choice((45, 60, 200, 3600, 86400, 10 ** 8))
        if self.rng.random() < 0.15:
            late = 0xFFFFFFFF
        params[3] = f"{late:08x}"
        return session, "ntime beyond the upper end", params

    def unknown_worker(self):
        session = self.working("pair")
        if not session:
            return None
        name = self.rng.choice(("nobody", "", "referee", "referee.left.x", "referee.lef", " referee.left", "ä€"))
        choice = self.rng.randrange(3)
        finds = [find for find in self.accepted["pair"] if find.live]
        if choice == 0 and finds:
            return session, "unknown worker, replayed", self.rng.choice(finds).params(name)
        if choice == 1:
            return session, "unknown worker, bits outside the mask", [name, *self.with_bits_outside(session)[1:]]
        return session, "unknown worker, random", self.guess(session).params(name)

    def foreign_share(self):
        giver = self.working()
        taker = self.working()
        if not taker or giver is taker or giver.view.extranonce2_size != taker.view.extranonce2_size:
            return None
        finds = [find for find in self.accepted[giver.view.name]
                 if find.sent.job.id in taker.view.jobs and (find.bits or 0) & ~taker.view.mask == 0]
        return (taker, "another session's share", self.rng.choice(finds).params(session=taker)) if finds else None

    def of_a_stranger(self, session, kind):
        teller = self.working()
        if not teller or session is None or session.closed:
            return None
        params = self.guess(teller).params("referee")
        if self.rng.random() < 0.2:
            params = params[:self.rng.randrange(5)]
            kind += ", too few parameters"
        return session, kind, params

    def not_subscribed(self):
        return self.of_a_stranger(self.sessions.get("deaf"), "not subscribed")

    def not_authorized(self):
        guest = self.sessions.get("guest")
        if guest is None or not guest.view.subscribed:
            return None
        return self.of_a_stranger(guest, "not authorized, so no job")

    def malformed(self):
        session = self.working()
        if not session:
            return None
        good = self.guess(session).params()
        rng = self.rng
        choice = rng.randrange(9)
        if choice == 0:
            return session, "malformed: too few parameters", good[:rng.randrange(5)]
        if choice == 1:
            raw = rng.choice((None, "null", "{}", '"text"', "7", "true", json.dumps({"worker": good[0]})))
            return session, "malformed: params no array", raw
        if choice == 2:
            wrong = rng.choice(("", good[2][:-2], good[2][:-1], good[2] + "00", good[2] * 2, "00" + good[2]))
            return session, "malformed: extranonce2 of a wrong size", [*good[:2], wrong, *good[3:]]
        if choice == 3:
            wrong = rng.choice(("g", "G", " ", "-", "\u0661", "x", "\0")) + good[2][1:]
            return session, "malformed: extranonce2 no hex", [*good[:2], wrong, *good[3:]]
        at = rng.choice((3, 4, 5))
        if at == 5:
            good = good[:5] + ["00000000"]
        if choice == 4:
            good[at] = rng.choice(("0" + good[at], good[at] + "0", "00000000" + good[at], good[at] * 40))
            return session, "malformed: nine and more digits", good
        if choice in (5, 6):
            good[at] = rng.choice(("", "0x1", "xyz", "-1", "+1", " 1", "1 ", "1.5", "1e+5", "\u0661", "1_0", "NaN",
                                   good[at][:7] + "g", "0x" + good[at][2:], good[at][:7] + " "))
            return session, "malformed: ntime, nonce or bits no hex", good
        if choice == 7:
            at = rng.randrange(5)
            good[at] = rng.choice((None, True, [], {}, [good[at]], {"hex": good[at]}))
            return session, "malformed: wrong JSON types", good
        at = rng.choice((0, 1, 2))
        good[at] = rng.choice((7, 1.5, -1, False, None))
        return session, "malformed: wrong JSON types", good

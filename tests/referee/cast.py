"""The sessions that take part, and the requests beside mining.submit that they make.

rolling  version rolling with the widest mask      pair   two workers: any other name is 24
plain    no configure, one worker                  late   joins halfway, with a narrow mask
wish     asks for other difficulties               guest  subscribed, never authorized
deaf     authorized, never subscribed
"""
import json

from verdict import HEX
from wire import Number, Session

FULL_MASK = 0x1FFFE000         # BIP 320
NARROW_MASK = 0x00006000


def is_true(answer):
    return answer["result"] is True


def open_session(role, address, tally, tip, book, algorithm, password="x"):
    session = Session(role, address, tally, tip, book)
    # Everything in one packet, as Bitaxe does it: the answers must come in this order all the same.
    if role == "rolling":
        configure(session, 0xFFFFFFFF, FULL_MASK, algorithm)
    elif role == "late":
        configure(session, NARROW_MASK, NARROW_MASK, algorithm)
    if role != "deaf":
        subscribe(session, '"sub"')
        subscribe(session, "18446744073709551617")
    if role == "pair":
        authorize(session, "referee.left", password)
        authorize(session, "referee.right", password)
        session.asked_extranonce = True
        session.request('"xnsub"', "mining.extranonce.subscribe", "[]",
                        session.expect("extranonce.subscribe is answered true", is_true))
    elif role != "guest":
        authorize(session, f"referee.{role}", password)
    session.may_close = role in ("guest", "deaf")
    return session


def configure(session, wish, mask, algorithm):
    rolling = algorithm == "sha256d"
    session.configured = True

    def good(answer):
        result = answer["result"]
        if not isinstance(result, dict) or result.get("referee-unknown") is not False:
            return False
        if not set(result) <= {"version-rolling", "version-rolling.mask", "referee-unknown"}:
            return False
        if result.get("version-rolling") is not rolling:
            return False
        if not rolling:
            return True
        text = result.get("version-rolling.mask")
        if not isinstance(text, str) or len(text) != 8 or not HEX.issuperset(text):
            return False
        session.view.mask = int(text, 16)
        session.book.mask |= session.view.mask
        return session.view.mask == mask

    params = [["version-rolling", "referee-unknown"],
              {"version-rolling.mask": f"{wish:08x}", "version-rolling.min-bit-count": 2}]
    session.request('"conf"', "mining.configure", json.dumps(params),
                    session.expect("configure: the masks' intersection, unknown extensions false", good))


def subscribe(session, raw_id):
    def good(answer):
        result = answer["result"]
        if session.subscribe_result is not None:
            return result == session.subscribe_result              # the second time: the same answer again
        if not isinstance(result, list) or len(result) != 3:
            return False
        _, extranonce1, size = result
        if not isinstance(extranonce1, str) or not HEX.issuperset(extranonce1) or len(extranonce1) % 2:
            return False
        if not 2 <= len(extranonce1) // 2 <= 16 or type(size) is not Number or not 2 <= int(size) <= 8:
            return False
        session.subscribe_result = result
        session.view.extranonce1 = bytes.fromhex(extranonce1)
        session.view.extranonce2_size = int(size)
        return True

    session.request(raw_id, "mining.subscribe", '["referee/1"]',
                    session.expect("subscribe, and the same answer again", good))


def authorize(session, worker, password):
    def good(answer):
        if answer["result"] is not True:
            return False
        session.authorized = True
        session.view.workers.append(worker)
        return True

    session.request('"auth"', "mining.authorize", json.dumps([worker, password]),
                    session.expect("authorize is answered true", good))


def small_talk(session, rng):
    """A request that is no submit, or a line that must not be answered, in the middle of the submits."""
    def refused(answer):
        return isinstance(answer["error"], list) and answer["error"][:1] == [Number("-3")]

    choice = rng.randrange(7)
    if choice == 0:
        session.request('"what"', "mining.referee_unknown", "[1,{}]", session.expect("unknown method: -3", refused))
    elif choice == 1:
        session.request("4", "mining.get_transactions", json.dumps([session.view.current.job.id]),
                        session.expect("get_transactions is answered []", lambda answer: answer["result"] == []))
    elif choice == 2:
        subscribe(session, '"again"')
    else:
        session.send_line(('{"id":42,"method":"pong","params":[]}', '{"id":42,"result":"pong","error":null}',
                           '{"id":42,"result":null,"error":[20,"no",null]}', "\r")[choice - 3])


MALFORMED_LINES = ('{"id":7,"method":"mining.submit","params":[', "[]", '{"id":7 "method":1}')      # of ten that close


class Wish:
    """Moves one session's difficulty up and down, and holds shares back meanwhile: a share is judged by the difficulty
    that came with its job, or by today's where that is lower (DESIGN section 4)."""

    HELD = 3

    def __init__(self, session, base, tally, submit):
        self._session, self._tally, self._submit = session, tally, submit
        self._low, self._high = 2 * base, 8 * base
        self._goal = self._low                          # what the password said
        self._held = []
        self._asked_at_job = 0
        self.rises = self.falls = 0
        session.on_job = self._on_job

    @property
    def wants_work(self):
        return self._settled and len(self._held) < self.HELD

    @property
    def _settled(self):
        current = self._session.view.current
        return current is not None and current.difficulty == self._goal

    def take(self, find, low_target, high_target):
        """A solved header of the current job: those between the two targets tell the two difficulties apart."""
        if not self._settled or find.sent is not self._session.view.current:
            return
        if not high_target < find.number <= low_target:
            return
        if self._goal == self._high:
            self._submit(self._session, "below target: the session's old, easier difficulty", find)
        self._held.append(find)
        if len(self._held) == self.HELD:
            self._goal = self._low if self._goal == self._high else self._high
            self._asked_at_job = None
            self._session.request('"wish"', "mining.suggest_difficulty", f"[{decimal(self._goal)}]", self._answered)

    # Counted from the answer: what a busy pool had sent before it read the wish is no fault of its.
    def _answered(self, request, answer):
        self._asked_at_job = self._session.view.current.number
        self._session.expect("suggest_difficulty is answered true", is_true)(request, answer)

    def _on_job(self, session, sent):
        if len(self._held) < self.HELD:
            if self._held and self._held[0].sent is not sent:
                self._held.clear()                      # a job without a change of difficulty came between
            return
        if sent.difficulty != self._goal and self._asked_at_job is None:
            return
        if sent.difficulty != self._goal:
            self._tally.rule("a wished difficulty comes within three jobs", sent.number - self._asked_at_job < 3,
                             session=session.view.name, wished=decimal(self._goal), got=str(float(sent.difficulty)))
            if sent.number - self._asked_at_job >= 3:
                self._held.clear()
                self._goal = sent.difficulty            # give it up
            return
        rose = self._goal == self._high
        live = self._held[0].sent.job.previous == sent.job.previous
        self.rises += rose and live
        self.falls += live and not rose
        for find in self._held:
            self._submit(session, "share of an older job, difficulty has " + ("risen" if rose else "fallen"), find)
        self._held.clear()


def decimal(value):
    """A Fraction as plain decimal digits."""
    text = f"{float(value):.20f}".rstrip("0").rstrip(".")
    return text if abs(float(text) - float(value)) < 1e-18 else repr(float(value))

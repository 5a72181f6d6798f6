"""What must hold of a journal, a chain and what was told: no processes, no sockets."""
import json
from dataclasses import dataclass, field

# States that say that a block is not in the chain; the daemon's own word must stand beside them.
GONE = ("LostRace", "Orphaned", "Refused")


@dataclass(frozen=True)
class Entry:
    hash: str
    height: int
    state: str
    open: bool
    reason: str | None


def read_journal(lines):
    """Of `stratum journal FILE --json`: the entries by hash, and the damage that it found."""
    entries, damage = {}, []
    for line in lines:
        if not line.strip():
            continue
        event = json.loads(line)
        if event["event"] == "entry":
            entries[event["hash"]] = Entry(
                event["hash"], event["height"], capital(event["state"]), event["open"], event.get("reason"))
        elif event["event"] == "damage":
            damage.append(line.strip())
    return entries, damage


def capital(state):
    """lostRace as LostRace: programs may spell it either way."""
    return state[:1].upper() + state[1:]


def fate(entry, confirmations):
    """chain, reason (it is not, and the journal has the daemon's word), or lost. confirmations: None is unknown."""
    if confirmations is not None and confirmations > 0:
        return "chain"
    return "reason" if entry.state in GONE and entry.reason else "lost"


def unjournalled(entries, events, answers):
    """Sentences for what was told of blocks that are not in the journal."""
    found = [f"block event for {hash}, which the journal does not have" for hash in events if hash not in entries]
    found += [f"the share of block {answer.block} was accepted, which the journal does not have"
              for answer in answers if answer.accepted and answer.is_block and answer.block not in entries]
    return found


@dataclass
class Row:
    victim: str
    moment: int
    journalled: int = 0
    chain: int = 0
    reason: int = 0
    lost: int = 0
    answered: int = 0                      # accepted shares of our own client that are blocks
    problems: list = field(default_factory=list)

    @property
    def passed(self):
        return not self.lost and not self.problems

    def text(self):
        word = "ok" if self.passed else "FAILED"
        cells = (self.victim, self.moment, self.journalled, self.chain, self.reason, self.lost, self.answered, word)
        return "\n".join([line(cells)] + [f"         {problem}" for problem in self.problems])


HEADINGS = ("victim", "moment", "journalled", "in chain", "reason", "lost", "answered", "")


def line(cells):
    victim, *numbers, word = cells
    return (f"{victim:<8}" + "".join(f"{number!s:>12}" for number in numbers) + f"  {word}").rstrip()


def summary(passed, failed):
    return f"{passed} passed, {failed} failed"

"""What a miner's records say: no processes, no sockets."""

ANSWERED_WITHIN = 5          # seconds; a share younger than that may still be on its way


def longest_gap(notifies, begin, end):
    """Seconds without a job between two moments. A job before the first moment counts as its beginning."""
    times = [notify.at for notify in notifies if begin < notify.at < end]
    marks = [max((notify.at for notify in notifies if notify.at <= begin), default=begin), *times, end]
    return max(later - earlier for earlier, later in zip(marks, marks[1:]))


def rejections(answers, now):
    """(rejected, how many of the others were refused only because a new block overtook them, unanswered)."""
    refused = [answer for answer in answers if answer.at is not None and not answer.accepted]
    rejected = [answer for answer in refused if not (answer.raced and answer.error and answer.error[0] == 21)]
    unanswered = [answer for answer in answers if answer.at is None and answer.sent < now - ANSWERED_WITHIN]
    return rejected, len(refused) - len(rejected), unanswered


def first_ends(clients, since):
    """Of each client whose connection ended: when and how it did so first."""
    ends = {}
    for client in clients:
        for at, how, _ in list(client.ends):
            if at >= since:
                ends[client] = at, how
                break
    return ends


class Checks:
    def __init__(self):
        self._lines = []

    def add(self, name, holds, detail=""):
        self._lines.append((name, bool(holds), detail))

    @property
    def passed(self):
        return sum(holds for _, holds, _ in self._lines)

    @property
    def failed(self):
        return len(self._lines) - self.passed

    def text(self):
        return "\n".join(f"{'ok    ' if holds else 'FAILED'}  {name}{'' if holds or not detail else ': ' + detail}"
                         for name, holds, detail in self._lines)

"""Processes that end with this one, and what they print as JSON lines."""
import ctypes
import json
import os
import signal
import subprocess
import threading
import time

PR_SET_PDEATHSIG = 1
started = []


_libc = ctypes.CDLL(None)


def _die_with_parent():
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def start(command, **streams):
    """In a session of its own, or Ctrl-C would reach it before this script knows."""
    process = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, start_new_session=True,
                               preexec_fn=_die_with_parent, **streams)
    started.append(process)
    return process


def end_all():
    """Whatever still runs, by its id."""
    for process in started:
        if process.poll() is None:
            os.kill(process.pid, signal.SIGCONT)
            process.kill()
    for process in started:
        process.wait()
    started.clear()


def interruptible():
    """SIGTERM ends the script as Ctrl-C does, through its finally; Ctrl-C also where a shell's & had turned it off."""
    def interrupt(*_):
        raise KeyboardInterrupt
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)


class Missing(Exception):
    """Something that was waited for did not come."""


def until(what, test, seconds=60, pause=0.02):
    """Waits for a condition and returns what made it true."""
    deadline = time.monotonic() + seconds
    while not (value := test()):
        if time.monotonic() > deadline:
            raise Missing(f"{what}: not within {seconds} s")
        time.sleep(pause)
    return value


class Program:
    """A command with --json: `events` are its lines so far, each with the time it came at."""

    def __init__(self, command, log):
        self.events = []
        with open(log, "ab") as errors:
            self.process = start(command, stdout=subprocess.PIPE, stderr=errors)
        self._log = log
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self):
        return self.process.pid

    def _read(self):
        with self.process.stdout as lines:
            for line in lines:
                try:
                    event = json.loads(line)
                except ValueError:
                    continue           # killed in the middle of a line
                if isinstance(event, dict):
                    event["at"] = time.monotonic()
                    self.events.append(event)

    def all(self, name):
        return [event for event in list(self.events) if event.get("event") == name]

    def wait_for(self, name, seconds=120):
        def test():
            found = self.all(name)
            if not found and self.process.poll() is not None:
                raise Missing(f"{name}: the program ended with {self.process.returncode}; see {self._log}:\n{self.last_words()}")
            return found
        return until(f"event {name} (see {self._log})", test, seconds)[-1]

    def last_words(self):
        with open(self._log, encoding="utf-8", errors="replace") as log:
            return "".join(log.readlines()[-5:])

    def kill(self):
        """kill -9; what it had written to its pipe before is read to the end."""
        self.process.kill()
        self.process.wait()
        self._reader.join(10)

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()
        self._reader.join(10)

"""Starts the pool that is to be judged, learns its port, and ends it."""
import json
import shlex
import subprocess
import sys
import threading


class Spawned:
    """The command's standard output is JSON lines; {"event":"listening","address":...,"port":...} is waited for."""

    def __init__(self, command):
        self._listening = threading.Event()
        self._address = None
        self._process = subprocess.Popen(shlex.split(command), stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self._process.stdout:
            if self._address is None:
                try:
                    event = json.loads(line)
                    if event.get("event") == "listening":
                        self._address = event["address"], event["port"]
                        self._listening.set()
                except (ValueError, AttributeError, KeyError):
                    continue
        self._listening.set()

    def wait_for_port(self, seconds=300):
        """Long, for the first call of the command may build it."""
        self._listening.wait(seconds)
        if self._address is None:
            raise SystemExit("the pool did not say where it listens")
        host, port = self._address
        return ("127.0.0.1" if host in ("0.0.0.0", "*", "::") else host), port

    def stop(self):
        """SIGTERM by pid; says when the pool does not end cleanly."""
        self._process.terminate()
        try:
            code = self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
            print("the pool did not end within 15 s of SIGTERM", file=sys.stderr)
        if code:
            print(f"the pool ended with exit code {code}", file=sys.stderr)
        return code

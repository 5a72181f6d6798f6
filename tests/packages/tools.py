#!/usr/bin/env python3
"""Packs the commands as .NET tools, installs them from those packages, and runs them. About half a minute: ./test --all."""
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
HASH = "00000000000000000002a7c4c1e48d76c5a37902165a270156b7a8d72728a054"
CALL = f'{{"method":"mining.update_block","params":["cGFzcw==","{HASH}","bitcoin"],"id":1}}\n'.encode()
QUIET = {"MSBUILDDISABLENODEREUSE": "1", "DOTNET_CLI_TELEMETRY_OPTOUT": "1", "DOTNET_NOLOGO": "1"}


class Receiver:
    """Notes what one call sent, and answers true."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(60)
        self.port = self.listener.getsockname()[1]
        self.got = b""
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        with self.listener, self.listener.accept()[0] as connection:
            connection.settimeout(60)
            while not self.got.endswith(b"\n"):
                piece = connection.recv(4096)
                if not piece:
                    return
                self.got += piece
            connection.sendall(b'{"result":true,"error":null,"id":1}\n')


def run(*command, **environment):
    return subprocess.run([str(part) for part in command], cwd=ROOT, env=os.environ | QUIET | environment,
                          capture_output=True, text=True, timeout=300)


def need(*command, **environment):
    done = run(*command, **environment)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")


def call(*program):
    """What arrived, the exit code, and what was printed."""
    receiver = Receiver()
    done = run(*program, "--password", "pass", "--hash", HASH, "--port", receiver.port)
    receiver.thread.join()
    return receiver.got, done.returncode, done.stdout + done.stderr


passed = failed = 0


def check(what, actual, expected):
    global passed, failed
    if actual == expected:
        passed += 1
    else:
        failed += 1
        print(f"{what}: {actual!r}, not {expected!r}")


with tempfile.TemporaryDirectory(prefix="stratum-tools-") as folder:
    folder = pathlib.Path(folder)
    for package in "Stratum.BlockNotify", "Stratum.Cli":
        need("dotnet", "pack", f"src/{package}", "-c", "Release", "-o", folder / "packages", "-v", "quiet")
        # Its own store of packages: one of an earlier run must not be taken for this one.
        need("dotnet", "tool", "install", package, "--tool-path", folder / "tools", "--source", folder / "packages",
             NUGET_PACKAGES=str(folder / "store"))
    check("blocknotify", call(folder / "tools" / "blocknotify"), (CALL, 0, ""))
    check("stratum notify", call(folder / "tools" / "stratum", "notify"), (CALL, 0, ""))
    # What the command gives to daemons that it starts lies beside it, and is a program.
    beside = list((folder / "tools" / ".store" / "stratum.cli").rglob("Stratum.BlockNotify"))
    check("programs beside the command", len(beside), 1)
    for program in beside:
        check("the program beside the command", call(program), (CALL, 0, ""))

print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)

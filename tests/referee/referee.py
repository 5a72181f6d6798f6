#!/usr/bin/env python3
"""A referee for Stratum V1 pools: it mines, cheats and computes every verdict by itself.

Written from DESIGN.md section 4 and reference stratum-v1.md sections A.2, B, C and H alone; it shares no code with the
pool and talks to it only over the socket. Standard library, Python 3.11. Exit code 0: no disagreement.

    tests/referee/referee.py 127.0.0.1 3333 --algorithm sha256d --difficulty 0.00001
    tests/referee/referee.py --algorithm scrypt --difficulty 0.001 \\
        --spawn './stratum pool --simulate --json --port 0 --coin litecoin --difficulty 0.001'
"""
import argparse
import sys

from match import Match
from mining import Miners
from spawn import Spawned


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("host", nargs="?")
    parser.add_argument("port", nargs="?", type=int)
    parser.add_argument("--spawn", metavar="COMMAND", help="start the pool; its output names the port")
    parser.add_argument("--algorithm", choices=("sha256d", "scrypt"), required=True)
    parser.add_argument("--difficulty", required=True, help="the one that the pool was given")
    parser.add_argument("--shares", type=int, default=1000)
    parser.add_argument("--hostile", type=int, default=10000)
    parser.add_argument("--job-changes", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--timeout", type=float, default=240, help="seconds for all of it")
    parser.add_argument("--wait-for-wishes", type=float, default=30, metavar="S",
                        help="at most, at the end, for a change of difficulty between two blocks")
    parser.add_argument("--processes", type=int, default=2, help="that mine; 0: none beside this one")
    options = parser.parse_args(arguments)
    if bool(options.spawn) == (options.port is not None):
        parser.error("give either HOST PORT or --spawn")
    return options


def main(arguments=None, out=print):
    options = parse(arguments)
    miners = Miners(options.processes)
    spawned = None
    try:
        if options.spawn:
            spawned = Spawned(options.spawn)
            address = spawned.wait_for_port()
        else:
            address = options.host, options.port
        match = Match(options, address, miners, out)
        try:
            return 0 if match.run() else 1
        finally:
            match.close()
    finally:
        miners.close()
        if spawned:
            spawned.stop()


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    sys.exit(main())

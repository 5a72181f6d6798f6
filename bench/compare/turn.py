"""One turn: one server under one load."""
import subprocess
import threading
import time

from generator import Failed
from processes import Missing, start, until

BROADCASTS = 5
PACE = 1.0             # seconds between two of them, and between two looks at the memory
SETTLE = 30            # looks within which it comes to rest


def cpu(running, generator, measurement, seconds, warmup):
    """CPU and latency, by the generator's own account. As long as the warm-up before it, all submit as fast as they can: what is
    compiled at run time is so after some ten thousand shares, which a thousand a second alone would take a minute for."""
    generator.run(running.url, running.pid, {"mode": "submit", "connections": 50, "window": 1, "duration": f"{warmup:g}s",
                                             "warmup": "1ms", "password": running.server.password})
    stop = threading.Event()
    news = threading.Thread(target=_tell, args=(running, measurement.jobs, stop), daemon=True)
    if measurement.jobs:
        news.start()
    try:
        result = generator.run(running.url, running.pid,
                               {**measurement.load, "duration": f"{seconds:g}s", "warmup": f"{warmup:g}s",
                                "password": running.server.password})
    finally:
        stop.set()
        if measurement.jobs:
            news.join()
    if result.operations == 0:
        raise Failed("nothing was answered")
    return {"cpu": result.cpu, "p50": result.p50, "p99": result.p99, "generator": result.generator_cpu,
            "per second": result.per_second, "spread": result.spread}


def _tell(running, pace, stop):
    while not stop.wait(pace):
        if not running.new_job():
            return


def memory(running, generator, measurement):
    """KB a session: growth of the resident memory from before the first connection, fresh and after five broadcasts."""
    connections = measurement.load["connections"]
    before, files = running.resident(), running.open_files()
    line = generator.line(running.url, running.pid, {**measurement.load, "duration": "5m", "warmup": "1ms",
                                                     "password": running.server.password})
    load = start(line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        until("all sessions", lambda: _alive(load) and running.open_files() >= files + connections, 120, 0.2)
        fresh = at_rest(running.resident)
        figures = {}
        if running.server.news is not None:
            figures["fresh"] = (fresh - before) / 1024 / connections
            for _ in range(BROADCASTS):
                running.new_job()
                time.sleep(PACE)
        else:
            time.sleep((BROADCASTS + 1) * PACE)
        figures["after"] = (at_rest(running.resident) - before) / 1024 / connections
        if running.open_files() < files + connections:
            raise Failed("sessions were lost")
        return figures
    finally:
        load.terminate()
        load.communicate()


def _alive(load):
    if load.poll() is not None:
        words = load.stderr.read().strip().splitlines()
        raise Missing(f"the generator ended with {load.returncode}: {words[-1] if words else 'without a word'}")
    return True


def at_rest(value):
    """The value when three looks in a row found it as it was, to a hundredth, or when time is up."""
    last, calm = value(), 0
    for _ in range(SETTLE):
        time.sleep(PACE)
        now = value()
        calm = calm + 1 if abs(now - last) <= last / 100 else 0
        last = now
        if calm == 3:
            break
    return last

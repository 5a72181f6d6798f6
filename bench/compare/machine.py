"""The machine, in one line."""
import datetime
import os
import platform
import subprocess


def model(cpuinfo):
    """The processor's name in /proc/cpuinfo, with what decides how it hashes."""
    fields = {}
    for line in cpuinfo.splitlines():
        name, _, value = line.partition(":")
        fields.setdefault(name.strip(), value.strip())
    name = fields.get("model name") or fields.get("Model") or platform.machine()
    flags = set((fields.get("flags") or fields.get("Features") or "").split())
    has = [text for text, one in (("AVX-512", {"avx512f"}), ("SHA extensions", {"sha_ni", "sha2"})) if flags & one]
    return f"{name} ({', '.join(has)})" if has else name


def line():
    with open("/proc/cpuinfo", encoding="utf-8") as cpuinfo, open("/proc/loadavg", encoding="utf-8") as load:
        return (f"{datetime.date.today():%-d %B %Y}: {model(cpuinfo.read())}, {len(os.sched_getaffinity(0))} cores, "
                f"Linux {platform.release()}, .NET {_dotnet()}, load at the start {load.read().split()[0]}")


def _dotnet():
    runtimes = subprocess.run(["dotnet", "--list-runtimes"], capture_output=True, text=True, check=True).stdout
    versions = [each.split()[1] for each in runtimes.splitlines() if each.startswith("Microsoft.NETCore.App 10.")]
    return versions[-1] if versions else "10"

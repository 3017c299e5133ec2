"""What machine this is, in a few facts: times of past takes say something about the same machine only."""

from __future__ import annotations

import os
import platform
import sys
from functools import cache
from pathlib import Path


@cache
def facts() -> dict[str, str | int]:
    """cpu (its name), cores (how many this process may use) and system."""
    return {"cpu": _cpu(), "cores": _cores(), "system": f"{platform.system()} {platform.machine()}"}


def peak_memory_mb() -> int:
    """The most memory this process has held so far; 0 where the system does not say."""
    try:
        import resource
    except ImportError:
        return 0
    scale = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // scale


def _cpu() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()[:120]
    except OSError:
        pass
    return platform.processor()[:120] or platform.machine()


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1

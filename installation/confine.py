"""What a child process gives up before it touches anything that came from outside: the network, its life after its
parent, and all but so much memory, time and disk.

Linux can do all of it, macOS and Windows a part; every function says what it could do, and the caller decides.
See unshare(2), prctl(2), setrlimit(2).
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from dataclasses import dataclass

CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
PR_SET_PDEATHSIG = 1


def cut_network() -> bool:
    """Leave the network for an empty one (Linux namespaces, unshare(2)). False where the system does not allow it.

    As root a network namespace suffices; anybody else needs a user namespace around it, which some systems forbid.
    A process that already runs threads cannot get a user namespace: ask before importing anything that starts them.
    """
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    return any(libc.unshare(flags) == 0 for flags in (CLONE_NEWNET, CLONE_NEWUSER | CLONE_NEWNET))


def die_with_parent(parent: int) -> bool:
    """Be killed when the thread that started this ends, however it ends (prctl(2)). False elsewhere than on Linux:
    there a closed pipe must do. Call it after the cut: a process that changes its credentials loses this wish."""
    if sys.platform != "linux":
        return False
    done: bool = ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL) == 0
    if os.getppid() != parent:  # it ended before we asked
        sys.exit(1)
    return done


@dataclass(frozen=True, slots=True)
class Limits:
    memory: int  # bytes of address space, what Python itself takes (about 30 MB) included
    seconds: int  # of CPU time, not of the clock
    file: int  # bytes of any one file written
    files: int = 32  # open at a time


def limit(limits: Limits) -> bool:
    """Have the system hold this process to them; no core is dumped either. True when every one is in force.

    Beyond memory an allocation fails, beyond seconds the process is killed, beyond file a write fails.
    """
    if sys.platform == "win32":
        return False
    import resource

    wanted = {
        resource.RLIMIT_AS: limits.memory,
        resource.RLIMIT_CPU: limits.seconds,
        resource.RLIMIT_FSIZE: limits.file,
        resource.RLIMIT_NOFILE: limits.files,
        resource.RLIMIT_CORE: 0,
    }
    held = [_hold(what, most) for what, most in wanted.items()]  # all are tried, whatever fails
    return all(held)


def _hold(what: int, most: int) -> bool:
    import resource

    _, hard = resource.getrlimit(what)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    try:
        resource.setrlimit(what, (most, most))
    except (ValueError, OSError):  # macOS knows RLIMIT_AS by name only
        return False
    return True

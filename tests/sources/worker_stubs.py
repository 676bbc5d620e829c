"""Work for a worker process that fails in the ways real work does."""

import os
import socket
import sys
import time


class Mean:
    """Well-behaved: the mean of a frame, and its own process number."""

    def __init__(self, offset: float = 0.0) -> None:
        self._offset = offset

    def __call__(self, frame):
        return {"mean": float(frame.mean()) + self._offset, "pid": os.getpid()}


class Hangs:
    def __call__(self, frame):
        time.sleep(60)


class Raises:
    def __call__(self, frame):
        raise ValueError("not this frame")


class Leaks:
    """Keeps 40 MB more a frame, written to so that it is resident."""

    def __init__(self) -> None:
        self._kept = []

    def __call__(self, frame):
        self._kept.append(bytearray(os.urandom(1024)) * 40_000)
        return os.getpid()


class Chatters:
    """A library that prints where the answers go."""

    def __call__(self, frame):
        print("hello from the library")
        os.write(1, b"and from its C part\n")
        return 1


class Dials:
    """Tries to reach a listener of this machine."""

    def __init__(self, port: int) -> None:
        self._port = port

    def __call__(self, frame):
        try:
            socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
        except OSError:
            return "cut"
        return "reached"


class Aborts:
    """Dies in C code, with a word about why."""

    def __call__(self, frame):
        print("F0000 check failed: no hand on this arm", file=sys.stderr, flush=True)
        os.abort()


class Talks:
    """Writes more to stderr in a frame than a pipe holds."""

    def __call__(self, frame):
        print("on stderr " * 20_000, file=sys.stderr)
        return 1


class Grows:
    """Keeps 20 MB more a frame until it is large enough, and tells the frame it was shown."""

    def __init__(self) -> None:
        self._kept = []

    def __call__(self, frame):
        if len(self._kept) < 8:
            self._kept.append(bytearray(os.urandom(1024)) * 20_000)
        return [os.getpid(), int(frame[0, 0, 0])]

"""What a child gives up: each limit bites, in a child of its own, and is said to be in force."""

import json
import signal
import subprocess
import sys
import textwrap

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems hold a process to a part of this")

LIMITS = "Limits(memory=300 << 20, seconds=1, file=1000, files=16)"


def child(script: str) -> subprocess.CompletedProcess[str]:
    head = f"from installation.confine import *\nheld = limit({LIMITS})\n"
    return subprocess.run(
        [sys.executable, "-c", head + textwrap.dedent(script)], capture_output=True, text=True, check=False
    )


def test_all_limits_are_said_to_be_in_force():
    assert child("print(held)").stdout == "True\n"


def test_memory():
    script = """
        try:
            bytearray(400 << 20)
        except MemoryError:
            print("no more")
    """
    assert child(script).stdout == "no more\n"


def test_time():
    done = child("while True: pass")
    assert done.returncode in (-signal.SIGXCPU, -signal.SIGKILL)


def test_a_file_stays_small(tmp_path):
    script = f"""
        try:
            with open({str(tmp_path / "big")!r}, "wb", buffering=0) as file:
                while True:
                    file.write(bytes(600))
        except OSError as error:
            print(error.strerror)
    """
    assert child(script).stdout == "File too large\n"
    assert (tmp_path / "big").stat().st_size <= 1000


def test_few_files_are_open():
    script = """
        try:
            kept = [open("/dev/null") for _ in range(20)]
        except OSError as error:
            print(error.strerror)
    """
    assert child(script).stdout == "Too many open files\n"


def test_limits_cannot_be_taken_back():
    script = """
        import resource
        print([resource.getrlimit(what) for what in (resource.RLIMIT_AS, resource.RLIMIT_CORE)])
    """
    assert json.loads(child(script).stdout.replace("(", "[").replace(")", "]")) == [[300 << 20] * 2, [0, 0]]


def test_a_limit_above_the_systems_own_is_the_systems():
    script = """
        import resource
        from installation.confine import Limits, limit
        resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))
        print(limit(Limits(memory=1 << 30, seconds=5, file=10_000)), resource.getrlimit(resource.RLIMIT_FSIZE))
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True)
    assert done.stdout == "True (500, 500)\n"


def test_without_network_nothing_answers():
    script = """
        import socket
        from installation.confine import cut_network
        listener = socket.create_server(("127.0.0.1", 0))
        cut = cut_network()
        try:
            socket.create_connection(listener.getsockname(), timeout=2)
            print(cut, "reached")
        except OSError:
            print(cut, "cut")
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True)
    assert done.stdout in ("True cut\n", "False reached\n")  # it says which it is


def test_it_dies_with_its_parent():
    """A parent that is killed cannot end its child; the system does."""
    grandchild = """
        import os, time
        from installation.confine import die_with_parent
        assert die_with_parent(os.getppid())
        print("ready", flush=True)
        time.sleep(60)
    """
    parent = f"""
        import subprocess, sys, time
        child = subprocess.Popen([sys.executable, "-c", {textwrap.dedent(grandchild)!r}])
        time.sleep(60)
    """
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(parent)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    process.kill()
    process.wait()
    assert process.stdout.read() == ""  # at once: both ends of the pipe are closed
    process.stdout.close()

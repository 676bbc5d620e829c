"""A show asks nobody: every connection and look-up that Python code attempts during a run is counted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

SCRIPT = """\
import sys
LOCAL = {"127.0.0.1", "::1", "localhost", "", None}
tried = []

def watch(event, args):
    if event == "socket.getaddrinfo" and args[0] not in LOCAL:
        tried.append(("look-up", args[0]))
    if event == "socket.connect" and isinstance(args[1], tuple) and args[1][0] not in LOCAL:
        tried.append(("connect", args[1]))

sys.addaudithook(watch)
sys.argv = ["installation", "run", "eyes", "--headless", "--seconds", "2"]
from installation.cli import main
try:
    main()
except SystemExit as end:
    print("EXIT", end.code)
import socket
try:
    socket.getaddrinfo("example.invalid", 80)
except OSError:
    pass
print("TRIED", tried)
"""


def test_a_show_connects_to_nobody() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, timeout=110)
    # The last one is the test's own, to show that the watch sees what there is.
    assert "TRIED [('look-up', 'example.invalid')]" in done.stdout, done.stdout + done.stderr
    assert "frames in" in done.stdout

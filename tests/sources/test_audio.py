"""A tone through a real sound server: PulseAudio with a sink that leads nowhere, PortAudio listening to its monitor."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from installation.errors import SourceError
from installation.library import Library
from installation.params import Param
from installation.signals.bus import Bus
from installation.sources.audio import Audio
from installation.sources.base import Place
from installation.sources.feed import ThreadFeed

ROOT = Path(__file__).parents[2]
ASOUNDRC = """
pcm.pulse { type pulse }
ctl.pulse { type pulse }
pcm.!default { type pulse }
"""

LISTEN = """
import json, sys, time
from installation.errors import SourceError
from installation.library import Library
from installation.sources.audio import Audio
from installation.sources.base import Place

options = {param.name: param.default for param in Audio.params} | {"device": "pulse"}
print(json.dumps({"missing": Audio.missing(options), "nobody": Audio.missing({**options, "device": "no such"})}))
source = Audio(options, Place(time.monotonic, Library()))
source.open()
end = time.monotonic() + 20
try:
    while time.monotonic() < end:
        if batch := source.poll():
            print(json.dumps({"age": time.monotonic() - batch.at, **batch.values}), flush=True)
except SourceError as error:
    print(json.dumps({"error": error.message}), flush=True)
source.close()
"""


def options(**given: object) -> dict[str, object]:
    return {param.name: param.default for param in Audio.params} | given


def tone(path: Path, frequency: float, seconds: float, rate: int = 48_000, amplitude: float = 0.5) -> Path:
    wanted = amplitude * np.sin(2 * np.pi * frequency * np.arange(round(rate * seconds)) / rate)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((wanted * 32767).astype("<i2").tobytes())
    return path


@pytest.fixture
def sound_server(tmp_path: Path) -> Iterator[tuple[dict[str, str], subprocess.Popen[bytes]]]:
    """The environment of a PulseAudio of its own, with nothing of this machine's in it."""
    run = tmp_path / "run"
    run.mkdir(mode=0o700)
    (tmp_path / ".asoundrc").write_text(ASOUNDRC)
    socket = run / "native"
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PULSE_", "XDG_", "ALSA_"))}
    env |= {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(run), "PULSE_SERVER": f"unix:{socket}"}
    env |= {"PULSE_RUNTIME_PATH": str(run), "PYTHONPATH": str(ROOT)}
    modules = [f"module-native-protocol-unix socket={socket} auth-anonymous=1"]
    modules += ["module-null-sink sink_name=virt rate=48000"]
    command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes"]
    server = subprocess.Popen(
        [*command, *(part for module in modules for part in ("-L", module))],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(100):
            if subprocess.run(["pactl", "info"], env=env, capture_output=True, check=False).returncode == 0:
                break
            time.sleep(0.1)
        yield env, server
    finally:
        server.kill()
        server.wait()


def test_a_tone_through_a_sound_server_is_heard_and_its_end_is_an_error(
    sound_server: tuple[dict[str, str], subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    env, server = sound_server
    played = tone(tmp_path / "tone.wav", 440, 3)
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(LISTEN)], env=env, stdout=subprocess.PIPE, text=True
    ) as listener:
        assert listener.stdout is not None
        lines = map(json.loads, listener.stdout)
        said = next(lines)
        assert said["missing"] == ""
        assert "no sound input called 'no such'" in said["nobody"]
        assert next(lines)["level"] == 0  # the first comes a second or two after opening; nobody plays yet
        subprocess.run(["paplay", "--device=virt", str(played)], env=env, check=True, timeout=20)
        heard = []
        for line in lines:
            heard.append(line)
            if len(heard) > 100 and line["level"] == 0:
                break
        server.kill()
        last = [line for line in lines if "error" in line]
    loud = [line for line in heard if line["level"] > 0.5][10:-10]
    assert len(loud) > 40
    # The parabola through a Hann window's peak errs by 0.4 Hz at most; the rest is for a server that drops a block.
    assert np.median([line["frequency"] for line in loud]) == pytest.approx(440, abs=0.5)
    assert np.median([line["level"] for line in loud]) == pytest.approx(1 - 6.02 / 60, abs=0.01)  # nothing lost
    assert np.median([line["mid"] for line in loud]) > 0.9
    assert any("onset" in line for line in heard)
    assert "pulse" in last[0]["error"]


def poll(source: Audio, count: int) -> list[dict[str, float]]:
    found: list[dict[str, float]] = []
    while len(found) < count:
        if batch := source.poll():
            found.append(dict(batch.values))
    return found


def test_a_file_plays_over_and_over_at_the_rate_asked(tmp_path: Path) -> None:
    path = tone(tmp_path / "tone.wav", 440, 0.25, rate=22_050)
    source = Audio(options(file=str(path)), Place(time.monotonic, Library()))
    began = time.monotonic()
    source.open()
    found = poll(source, 60)
    source.close()
    assert time.monotonic() - began > 0.5  # in real time: two turns at least
    assert np.median([each["frequency"] for each in found[10:]]) == pytest.approx(440, abs=1)
    assert np.median([each["level"] for each in found[10:]]) == pytest.approx(0.9, abs=0.01)


def test_a_file_goes_on_after_a_hang(tmp_path: Path) -> None:
    now = [0.0]
    source = Audio(options(file=str(tone(tmp_path / "a.wav", 440, 1))), Place(lambda: now[0], Library()))
    source.open()
    now[0] = 3600.5
    batch = source.poll()
    while batch is None:
        now[0] += 0.02
        batch = source.poll()
    assert now[0] - batch.at < 0.1
    assert batch.values["frequency"] == pytest.approx(440, abs=1)
    source.close()


@pytest.mark.parametrize("content", [None, b"", b"RIFFxxxxWAVEnothing", b"\0" * 4000])
def test_a_file_that_cannot_be_played_says_so(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "broken.wav"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError, match=r"broken\.wav"):
        Audio(options(file=str(path)), Place(time.monotonic, Library())).open()
    assert Audio.missing(options(file=str(path))) == ""


def test_a_film_without_sound_says_so(tmp_path: Path) -> None:
    import cv2

    path = str(tmp_path / "mute.avi")
    film = cv2.VideoWriter(path, cv2.VideoWriter.fourcc(*"MJPG"), 25, (32, 32))
    film.write(np.zeros((32, 32, 3), np.uint8))
    film.release()
    with pytest.raises(SourceError, match="holds no sound"):
        Audio(options(file=path), Place(time.monotonic, Library())).open()


def without_portaudio(tmp_path: Path, code: str) -> str:
    """Runs ``code`` where the system's linker finds no PortAudio: an empty ctypes look-up."""
    block = "import ctypes.util; ctypes.util.find_library = lambda name: None\n"
    run = subprocess.run(
        [sys.executable, "-c", block + code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return run.stdout


def test_without_portaudio_the_package_is_named(tmp_path: Path) -> None:
    said = without_portaudio(
        tmp_path,
        "from installation.sources.audio import Audio\n"
        "from installation.sources.base import Place\n"
        "from installation.library import Library\n"
        "options = {p.name: p.default for p in Audio.params}\n"
        "print(Audio.missing(options))\n"
        "try: Audio(options, Place(lambda: 0.0, Library())).open()\n"
        "except Exception as error: print(type(error).__name__, error)\n",
    )
    assert said.splitlines()[0] == "no PortAudio on this machine"
    assert "SourceError no PortAudio" in said
    assert "libportaudio2" in said


def test_declaring_its_channels_touches_no_hardware() -> None:
    code = (
        "import sys; from installation.sources.audio import Audio; from installation.library import Library\n"
        "Audio.channels({p.name: p.default for p in Audio.params}, Library())\n"
        "print([name for name in ('sounddevice', 'av', 'cv2') if name in sys.modules])\n"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.strip() == "[]"
    names = [(channel.name, channel.kind) for channel in Audio.channels(options(), Library())]
    assert names[:4] == [(name, "number") for name in ("level", "bass", "mid", "treble")]
    assert names[4:] == [("onset", "event"), ("frequency", "number")]
    assert all(isinstance(param, Param) and not param.live for param in Audio.params)


def test_in_a_feed_values_arrive_in_the_bus(tmp_path: Path) -> None:
    bus = Bus()
    place = Place(time.monotonic, Library())
    source = Audio(options(file=str(tone(tmp_path / "t.wav", 700, 1))), place)
    for channel in Audio.channels(source.options, place.library):
        bus.declare("audio", channel)
    feed = ThreadFeed("audio", source, bus, place.now)
    feed.start()
    end = time.monotonic() + 10
    while time.monotonic() < end and bus.sample(place.now())["audio.mid"].seq < 20:
        time.sleep(0.02)
    snapshot = bus.sample(place.now())
    feed.stop()
    assert snapshot["audio.mid"].value > 0.9
    assert snapshot["audio.bass"].value < 0.2
    assert feed.health.state == "ok"

"""Makes ``takes/rehearsal``: a choreography of one real hand, seen by the real tracker, heard by the real ears.

    python tests/make_rehearsal.py

The hand is cut out of ``right04.jpg`` (Debian's opencv-doc), moved, turned and scaled over a plain ground; its mirror
image is the other hand. The tracker looks at every frame as it would at a camera's, and only its numbers are kept. The
music is a few chords and a drum, synthesised here. Nothing of the picture or the sound gets into the take.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from installation import takes
from installation.library import Library
from installation.signals.mailbox import Mailbox
from installation.sources.audio import Audio
from installation.sources.audio_features import AudioFeatures
from installation.sources.base import Place
from installation.sources.hands import Hands
from installation.types import Channel

PICTURE = Path("/usr/share/doc/opencv-doc/examples/data/right04.jpg")
TAKE = Path(__file__).resolve().parents[1] / "takes" / "rehearsal"
FPS, SECONDS = 30, 46.0
RATE = 48_000
WIDTH, HEIGHT = 640, 480
HAND = (466, 270)  # the palm in the picture


@dataclass(frozen=True)
class Pose:
    """Where a hand is: palm x, y in 0..1 (y down), turn in degrees, scale."""

    x: float
    y: float
    turn: float
    scale: float


def ease(t: float, start: float, end: float) -> float:
    u = min(max((t - start) / (end - start), 0.0), 1.0)
    return u * u * (3 - 2 * u)


def right_hand(t: float) -> Pose | None:
    """Comes in at the start, wanders, meets the other hand at 14 s, leaves at 33 s."""
    if t > 35:
        return None
    inside = ease(t, -0.6, 1.2) * (1 - ease(t, 32.5, 35))
    alone = 1 - ease(t, 10, 13)
    x = 0.7 - 0.12 * alone + (0.11 + 0.1 * alone) * np.sin(0.9 * t + 1.2)
    y = 0.48 + 0.15 * np.sin(1.3 * t + 0.6)
    return Pose(x + 0.75 * (1 - inside), y, 24 * np.sin(0.7 * t + 0.3), 0.96 + 0.24 * np.sin(0.5 * t + 0.7))


def left_hand(t: float) -> Pose | None:
    """Comes in at 11 s, answers the right one, stays two seconds longer."""
    if not 11 < t < 38.5:
        return None
    inside = ease(t, 11, 13.5) * (1 - ease(t, 36, 38.5))
    x = 0.29 - 0.1 * np.cos(0.55 * t) + 0.04 * np.sin(1.7 * t)
    y = 0.5 + 0.16 * np.sin(1.3 * t + 2.4)
    return Pose(x - 0.75 * (1 - inside), y, 22 * np.sin(0.62 * t + 2), 0.86 + 0.22 * np.sin(0.44 * t + 1))


def cut_out(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The hand and forearm with a soft edge: picture and alpha, both of the picture's size."""
    fingers = [(408, 300), (414, 236), (424, 196), (440, 190), (500, 236), (528, 262), (516, 300)]
    forearm = [(503, 330), (508, 352), (560, 420), (560, 470), (505, 479), (440, 385), (412, 350)]
    outline = fingers + forearm
    alpha = np.zeros(picture.shape[:2], np.float32)
    cv2.fillPoly(alpha, [np.array(outline, np.int32)], 1.0)
    return picture.astype(np.float32), cv2.GaussianBlur(alpha, (0, 0), 4)


def placed(layer: np.ndarray, pose: Pose, mirror: bool) -> np.ndarray:
    """The layer moved so that the palm is where the pose says."""
    cx, cy = HAND
    if mirror:
        layer, cx = layer[:, ::-1], WIDTH - 1 - cx
    matrix = cv2.getRotationMatrix2D((cx, cy), -pose.turn, pose.scale)
    matrix[:, 2] += (pose.x * WIDTH - cx, pose.y * HEIGHT - cy)
    return cv2.warpAffine(np.ascontiguousarray(layer), matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR)


def frames() -> Iterator[tuple[float, np.ndarray]]:
    hand, alpha = cut_out(cv2.imread(str(PICTURE), cv2.IMREAD_COLOR_RGB))
    rows = np.linspace(188, 150, HEIGHT, dtype=np.float32)[:, None, None]
    ground = np.broadcast_to(rows, (HEIGHT, WIDTH, 3))
    for number in range(round(SECONDS * FPS)):
        t = number / FPS
        frame = ground.copy()
        # The picture shows a left hand, unmirrored: in a mirrored camera it is on the side of the right one.
        for pose, mirror in ((right_hand(t), False), (left_hand(t), True)):
            if pose:
                over = placed(alpha, pose, mirror)[..., None]
                frame = frame * (1 - over) + placed(hand, pose, mirror) * over
        yield t, frame.clip(0, 255).astype(np.uint8)


def seen() -> dict[int, takes.Line]:
    box = Mailbox(Channel("frame", "image"))
    hands = Hands(
        {"image": "webcam.frame", "confidence": 0.5, "mirrored": True}, Place(lambda: 0.0, Library(), {"image": box})
    )
    hands.open()
    lines = {}
    for number, (t, frame) in enumerate(frames()):
        box.post(frame, t)
        batch = hands.poll()
        assert batch is not None
        # The two single vectors are the halves of `both`; a take that a person can read does without them.
        kept = {
            f"hands.{name}": round_off(value) for name, value in batch.values.items() if name not in ("left", "right")
        }
        lines[number] = takes.Line(t, t, kept, {})
    hands.close()
    return lines


def music() -> np.ndarray:
    """Twelve slow bars: a pad of four chords, plucked notes, a soft drum that stays away in every fourth bar."""
    t = np.arange(round(SECONDS * RATE)) / RATE
    sound = np.zeros_like(t)
    bar = SECONDS / 12
    chords = (
        (110.0, 164.8, 220.0, 277.2),
        (98.0, 146.8, 196.0, 246.9),
        (87.3, 130.8, 174.6, 220.0),
        (82.4, 123.5, 164.8, 207.7),
    )
    for number in range(12):
        inside = (t - number * bar) / bar
        swell = np.where((inside >= 0) & (inside < 1), np.sin(np.pi * inside.clip(0, 1)) ** 0.5, 0)
        chord = chords[number % 4]
        sound += 0.05 * swell * sum(np.sin(2 * np.pi * f * t) for f in chord)
        for step in range(8):
            since = t - (number + step / 8) * bar
            note = chord[(3 * step) % 4] * (4 if step % 2 else 2)
            sound += 0.09 * np.where(since >= 0, np.exp(-5 * since.clip(0)), 0) * np.sin(2 * np.pi * note * since)
            if step % 2 == 0 and number % 4 != 3:
                drum = np.sin(2 * np.pi * 52 * since + 6 * np.exp(-30 * since.clip(0)))
                sound += 0.35 * np.where(since >= 0, np.exp(-9 * since.clip(0)), 0) * drum
    return (sound * (0.55 + 0.45 * np.sin(np.pi * t / SECONDS))).astype(np.float32)


def heard() -> dict[int, takes.Line]:
    samples, ears = music(), AudioFeatures(RATE)
    lines = {}
    for number in range(round(SECONDS * FPS)):
        t = number / FPS
        begin, end = round(t * RATE), round((number + 1) / FPS * RATE)
        if found := ears.push(samples[begin:end]):
            values = {f"audio.{name}": round(getattr(found, name), 4) for name in ("level", "bass", "mid", "treble")}
            if found.onset:
                values["audio.onset"] = 1.0
            if found.frequency is not None:
                values["audio.frequency"] = round(found.frequency, 1)
            lines[number] = takes.Line(t, t, values, {})
    return lines


def round_off(value: object) -> object:
    return np.round(value, 3) if isinstance(value, np.ndarray) else round(float(value), 4)


def main() -> None:
    hands, audio = seen(), heard()
    declared = {
        "hands": [c for c in Hands.channels({}, Library()) if c.name not in ("left", "right")],
        "audio": Audio.channels({}, Library()),
    }
    channels = {f"{source}.{channel.name}": channel for source, held in declared.items() for channel in held}
    header = takes.Header(
        FPS,
        SECONDS,
        channels,
        title="A hand, then two, then nobody",
        licence="CC0-1.0 (numbers only)",
        note="Hands: MediaPipe's landmarks of the hand in right04.jpg (OpenCV samples, Apache-2.0), moved about by"
        " tests/make_rehearsal.py. Audio: a synthesised piece. No picture and no sound is kept.",
    )
    shutil.rmtree(TAKE, ignore_errors=True)
    TAKE.mkdir(parents=True)
    (TAKE / takes.HEADER).write_text(takes.write_header(header), encoding="utf-8")
    with (TAKE / takes.SIGNALS).open("w", encoding="utf-8") as file:
        for number in range(round(SECONDS * FPS)):
            file.writelines(takes.write_line(lines[number]) for lines in (hands, audio) if number in lines)


if __name__ == "__main__":
    main()

"""Takes: what was seen and heard in a performance, as plain text that diffs.

    take.json        format, title, fps, seconds, licence, note, and every channel's declaration by address
    signals.jsonl    one line for each moment that brought news:
                     {"t": 1.25, "at": 1.231, "v": {"hands.left.pinch": 0.4}, "f": {"webcam.frame": 37}}
    frames/webcam.frame/000037.jpg   camera pictures, when they were asked for

``t`` is the tick that saw the news and ``at`` when it happened, both seconds from the take's first tick; ``v`` holds
numbers (7 digits) and vectors (float32, exact) by address, ``f`` the numbers of pictures. A channel that had no news
has no entry, so a replay goes stale where the performance did. A take cut short by a power cut is readable: its last
line may be half a line, which is counted and left out.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from installation.errors import TakeError
from installation.types import Channel

if TYPE_CHECKING:
    from installation.types import Pixels

FORMAT = 1
HEADER, SIGNALS, FRAMES = "take.json", "signals.jsonl", "frames"


@dataclass(frozen=True, slots=True)
class Header:
    """take.json. ``channels`` is keyed by address; a key that ends in ``*`` stands for every address so begun."""

    fps: float
    seconds: float | None  # None: the recording was cut off before its end was written
    channels: Mapping[str, Channel]
    title: str = ""
    licence: str = ""
    note: str = ""

    def sources(self) -> list[str]:
        return sorted({address.partition(".")[0] for address in self.channels})

    def of(self, source: str) -> tuple[Channel, ...]:
        """The channels of one source, named as it declared them."""
        return tuple(c for address, c in self.channels.items() if address.partition(".")[0] == source)

    def channel(self, address: str) -> Channel | None:
        if found := self.channels.get(address):
            return found
        opened = (c for key, c in self.channels.items() if key.endswith("*") and address.startswith(key[:-1]))
        return next(opened, None)


@dataclass(frozen=True, slots=True)
class Line:
    """The news of one moment: numbers (float), vectors (float32 arrays) and numbers of pictures, by address."""

    t: float
    at: float
    values: Mapping[str, Any]
    frames: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Take:
    folder: Path
    header: Header
    lines: Sequence[Line]
    cut: int = 0  # half-written lines at the end that were left out

    @property
    def seconds(self) -> float:
        """How long it is; from its last tick where the header cannot know, or says less than there is."""
        last, period = (self.lines[-1].t if self.lines else 0.0), 1 / self.header.fps
        said = self.header.seconds or 0.0
        return said if said > last + period / 2 else last + period

    def frame(self, address: str, number: int) -> Pixels:
        """One recorded picture, decoded now: (h, w, 3) RGB. Raises TakeError."""
        import cv2

        path = frame_path(self.folder, address, number)
        picture: Pixels | None = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB) if path.is_file() else None
        if picture is None:
            raise TakeError(f"{path}: this picture of the take is missing or broken")
        return picture


def frame_path(folder: Path, address: str, number: int) -> Path:
    return folder / FRAMES / address / f"{number:06d}.jpg"


def tape_sources(take: Take, loop: bool = False) -> dict[str, dict[str, Any]]:
    """Options of the tapes that take the place of a show's sources, by the source's name."""
    return {name: {"take": str(take.folder), "source": name, "loop": loop} for name in take.header.sources()}


def write_header(header: Header) -> str:
    channels: dict[str, Any] = {}
    for address, channel in header.channels.items():
        entry: dict[str, Any] = {key: value for key, value in asdict(channel).items() if key != "name"}
        # JSON knows no infinity: null is "never stale".
        entry["stale_after"] = channel.stale_after if math.isfinite(channel.stale_after) else None
        channels[address] = entry
    known = {"title": header.title, "licence": header.licence, "note": header.note}
    body = {"format": FORMAT, **known, "fps": header.fps, "seconds": header.seconds, "channels": channels}
    return json.dumps(body, indent=1, allow_nan=False) + "\n"


def write_line(line: Line) -> str:
    """One line of signals.jsonl. The caller has left out what is not finite."""
    body: dict[str, Any] = {"t": _short(line.t), "at": _short(line.at)}
    if line.values:
        body["v"] = {address: _plain(value) for address, value in line.values.items()}
    if line.frames:
        body["f"] = dict(line.frames)
    return json.dumps(body, separators=(",", ":"), allow_nan=False) + "\n"


def _short(number: float) -> float | int:
    short = round(float(number), 4)
    return int(short) if short == int(short) else short


def _plain(value: Any) -> Any:
    if isinstance(value, (bool, int, float)) or not hasattr(value, "__len__"):
        number = float(f"{float(value):.7g}")
        return int(number) if number == int(number) else number
    import numpy as np

    # A float32's own shortest digits: nothing is lost, and 0.1 stays 0.1.
    return [float(str(item)) for item in np.asarray(value, np.float32).ravel()]

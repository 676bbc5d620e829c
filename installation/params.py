"""A parameter, declared once: name, type, range, default, unit, one line of help, live or fixed.

The same declaration reads the show file, lists ``installation params``, clamps what a mapping or a cue writes, and
names the shader's uniform. A live parameter may change every frame; a fixed one is an option, read at start.

Types and what a show may write for them:

    float, int     0.4                 clamped to low..high when live, refused outside when written
    seconds        0.4, 0.4s, 400ms, 2min
    bool           true, false
    choice         one of ``choices``
    text, path     a string
    signal         an address such as ``hands.both`` (checked against the declared channels)
    size           640x480             -> (640, 480)
    point          [0.5, 0.5]          -> (x, y), each in low..high
    color          '#ff8800' or [r, g, b, a] in 0..1 -> (r, g, b, a)
    numbers        [3, 14, 15]         -> a tuple of floats, each in low..high
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from installation.errors import did_you_mean

Type = Literal[
    "float", "int", "seconds", "bool", "choice", "text", "path", "signal", "size", "point", "color", "numbers"
]

SECONDS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0}
_DURATION = re.compile(r"\s*(\d+(?:\.\d*)?|\.\d+)\s*(ms|s|min|h)?\s*")
_SIZE = re.compile(r"\s*(\d{1,5})\s*x\s*(\d{1,5})\s*")
_HEX = re.compile(r"#([0-9a-fA-F]{6})([0-9a-fA-F]{2})?")

REQUIRED = object()  # a default that says: the show must give this


class ParamError(ValueError):
    """A value that a parameter cannot take. ``suggestion`` may be empty."""

    def __init__(self, message: str, suggestion: str = "") -> None:
        super().__init__(message)
        self.suggestion = suggestion


@dataclass(frozen=True, slots=True)
class Param:
    name: str
    type: Type = "float"
    default: Any = 0.0
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    unit: str = ""
    help: str = ""
    live: bool = False

    @property
    def required(self) -> bool:
        return self.default is REQUIRED

    def at(self, prefix: str) -> Param:
        """The same parameter at an address: ``Param('psi').at('generator.latent.truncate')``."""
        return replace(self, name=f"{prefix}.{self.name}")

    def read(self, raw: Any) -> Any:
        """The checked value of something written in a file. Raises ParamError in one clear line."""
        return _READERS[self.type](self, raw)

    def clamp(self, value: Any) -> Any:
        """A live write, made lawful: numbers into range, non-finite refused by returning the default."""
        if self.type in ("float", "int", "seconds"):
            number = float(value)
            if not math.isfinite(number):
                return self.default
            number = max(self.low, number) if self.low is not None else number
            number = min(self.high, number) if self.high is not None else number
            return round(number) if self.type == "int" else number
        if self.type == "bool":
            return bool(float(value) >= 0.5)
        if self.type in ("point", "color", "numbers"):
            return self._clamp_each(tuple(float(v) for v in value))
        if self.type == "choice" and value not in self.choices:
            return self.default
        return value

    def _clamp_each(self, numbers: tuple[float, ...]) -> tuple[float, ...]:
        wanted = {"point": 2, "color": 4}.get(self.type, len(numbers))
        if len(numbers) != wanted or not all(map(math.isfinite, numbers)):
            default: tuple[float, ...] = self.default
            return default
        outer = (0.0, 1.0) if self.type == "color" else (-math.inf, math.inf)
        low = outer[0] if self.low is None else self.low
        high = outer[1] if self.high is None else self.high
        return tuple(min(max(number, low), high) for number in numbers)

    def range_text(self) -> str:
        if self.choices:
            return ", ".join(self.choices)
        if self.low is None and self.high is None:
            return ""
        low = "" if self.low is None else f"{self.low:g}"
        high = "" if self.high is None else f"{self.high:g}"
        return f"{low}..{high}"


def _number(param: Param, raw: Any) -> float:
    # YAML 1.1 turns `yes` into True and True into 1: a switch is no number.
    if isinstance(raw, bool) or not isinstance(raw, (int, float)):
        raise ParamError(f"{param.name} wants a number, not {_show(raw)}")
    if not math.isfinite(raw):
        raise ParamError(f"{param.name} wants a finite number, not {raw}")
    return _within(param, float(raw))


def _within(param: Param, number: float) -> float:
    if (param.low is not None and number < param.low) or (param.high is not None and number > param.high):
        unit = f" {param.unit}" if param.unit else ""
        raise ParamError(f"{param.name} is {number:g}, outside its range {param.range_text()}{unit}")
    return number


def _int(param: Param, raw: Any) -> int:
    number = _number(param, raw)
    if number != int(number):
        raise ParamError(f"{param.name} wants a whole number, not {raw}")
    return int(number)


def _seconds(param: Param, raw: Any) -> float:
    if isinstance(raw, str):
        return _within(param, duration(raw, param.name))
    return _number(param, raw)


def duration(text: str, name: str = "a duration") -> float:
    """Seconds of ``400ms``, ``0.4s``, ``2min``, ``1h`` or a bare number."""
    found = _DURATION.fullmatch(text)
    if not found:
        raise ParamError(f"{name} wants a duration, not {_show(text)}", "write 400ms, 0.4s or 2min")
    return float(found[1]) * SECONDS[found[2] or "s"]


def _bool(param: Param, raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise ParamError(f"{param.name} wants true or false, not {_show(raw)}")
    return raw


def _choice(param: Param, raw: Any) -> str:
    # `choice: 2` of choices "1", "2" is meant; a list or a table never is.
    if isinstance(raw, (bool, list, Mapping)) or str(raw) not in param.choices:
        word = raw if isinstance(raw, str) else ""
        raise ParamError(f"{param.name} cannot be {_show(raw)}", did_you_mean(word, param.choices))
    return str(raw)


def _text(param: Param, raw: Any) -> str:
    # `device: 0` is a camera's index and `take: 2024` a folder's name: numbers are text too, structures are not.
    if isinstance(raw, bool) or not isinstance(raw, (str, int, float)):
        raise ParamError(f"{param.name} wants text, not {_show(raw)}")
    return str(raw)


def _size(param: Param, raw: Any) -> tuple[int, int]:
    found = _SIZE.fullmatch(raw) if isinstance(raw, str) else None
    if not found:
        raise ParamError(f"{param.name} wants a size, not {_show(raw)}", "write 1280x720")
    width, height = int(found[1]), int(found[2])
    if not (2 <= width <= 16384 and 2 <= height <= 16384):
        raise ParamError(f"{param.name} is {width}x{height}; each side must be 2..16384 pixels")
    return width, height


def _numbers(param: Param, raw: Any) -> tuple[float, ...]:
    if not isinstance(raw, list) or not raw:
        raise ParamError(f"{param.name} wants a list of numbers, not {_show(raw)}", "write [3, 14, 15]")
    return tuple(_number(param, item) for item in raw)


def _point(param: Param, raw: Any) -> tuple[float, ...]:
    if not isinstance(raw, list) or len(raw) != 2:
        raise ParamError(f"{param.name} wants a point, not {_show(raw)}", "write [0.5, 0.5]")
    return tuple(_number(param, item) for item in raw)


def _color(param: Param, raw: Any) -> tuple[float, ...]:
    found = _HEX.fullmatch(raw) if isinstance(raw, str) else None
    if found:
        digits = found[1] + (found[2] or "ff")
        return tuple(int(digits[i : i + 2], 16) / 255 for i in range(0, 8, 2))
    if not isinstance(raw, list) or len(raw) not in (3, 4):
        raise ParamError(f"{param.name} wants a colour, not {_show(raw)}", "write '#ff8800' or [1, 0.5, 0, 1]")
    unit = Param(param.name, low=0.0, high=1.0)
    numbers = tuple(_number(unit, item) for item in raw)
    return numbers if len(numbers) == 4 else (*numbers, 1.0)


def _show(raw: Any) -> str:
    if isinstance(raw, str):
        return f"'{raw if len(raw) <= 40 else raw[:37] + '...'}'"
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, Mapping):
        return "a table"
    if isinstance(raw, list):
        return "a list" if raw else "an empty list"
    return "nothing" if raw is None else str(raw)


_READERS = {
    "float": _number,
    "int": _int,
    "seconds": _seconds,
    "bool": _bool,
    "choice": _choice,
    "text": _text,
    "path": _text,
    "signal": _text,
    "size": _size,
    "point": _point,
    "color": _color,
    "numbers": _numbers,
}


class ParamTree(Mapping[str, Param]):
    """Every live parameter of a show by its address, in the order of the show."""

    def __init__(self, params: Iterable[Param] = ()) -> None:
        self._params = {param.name: param for param in params}

    def __getitem__(self, address: str) -> Param:
        return self._params[address]

    def __iter__(self) -> Iterator[str]:
        return iter(self._params)

    def __len__(self) -> int:
        return len(self._params)

    def defaults(self) -> dict[str, Any]:
        return {address: param.default for address, param in self._params.items()}

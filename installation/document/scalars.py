"""What an unquoted word means.

YAML 1.1 where other readers agree (``yes`` and ``on`` are true), text where it surprises: ``12:30:45``,
``2024-01-01``, ``010`` (octal to some, decimal to others) and ``1_000`` are text. ``1e5`` is a number.
References: https://yaml.org/type/ and https://yaml.org/spec/1.2.2/ chapter 10.
"""

from __future__ import annotations

import math
import re
from typing import Any

_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_HEX = re.compile(r"0x[0-9a-fA-F]{1,15}")
_FLOAT = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+")  # octal to some readers, decimal to others: text here
_NON_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_TRUE = {word for name in ("true", "yes", "on") for word in (name, name.title(), name.upper())}
_FALSE = {word for name in ("false", "no", "off") for word in (name, name.title(), name.upper())}
_NULL = {"", "~", "null", "Null", "NULL"}


def resolve(text: str) -> Any:
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _NON_FINITE.fullmatch(text):
        return math.nan
    if _INT.fullmatch(text):
        return int(text) if len(text) < 19 else float(text)  # longer ones cost quadratic time
    if _HEX.fullmatch(text):
        return int(text, 16)
    if _FLOAT.fullmatch(text) and not _LEADING_ZERO.fullmatch(text):
        return float(text)
    return text

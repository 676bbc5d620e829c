"""What a show offers, as plain data: for ``installation params`` and ``signals``, and for other programs."""

from __future__ import annotations

import math
from typing import Any

from installation.show.show import Show


def params_listing(show: Show) -> list[dict[str, Any]]:
    """Every live parameter, in the order of the show. ``mapped`` is the expression that steers it, or None."""
    return [
        {
            "address": address,
            "type": param.type,
            "range": param.range_text(),
            "low": param.low,
            "high": param.high,
            "choices": list(param.choices),
            "default": _plain(param.default),
            "unit": param.unit,
            "help": param.help,
            "mapped": show.mapping[address].text if address in show.mapping else None,
        }
        for address, param in show.params.items()
    ]


def signals_listing(show: Show) -> list[dict[str, Any]]:
    """Every declared channel; an address that ends in ``*`` stands for all that begin like it."""
    return [
        {
            "address": address,
            "kind": channel.kind,
            "low": _plain(channel.low),
            "high": _plain(channel.high),
            "size": channel.size,
            "unit": channel.unit,
            "help": channel.help,
            "stale_after": _plain(channel.stale_after),
        }
        for address, channel in show.channels.items()
    ]


def _plain(value: Any) -> Any:
    """A value that JSON can hold: it has no tuples and no infinity (an unbounded range, a channel never stale)."""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value

"""Controls: the base value of every live parameter, moved by hand, by cues that fade, and by the idle rule.

A fade eases by smoothstep (3t^2 - 2t^3) over the cue's seconds, advanced by the tick's dt, so it takes the same time
at any frame rate. Numbers, points and colours pass through every value between; a switch, a choice or a text changes at
the end. What is set by hand during a fade stays as set.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from installation.errors import InstallationError, did_you_mean
from installation.params import Param, ParamError, ParamTree
from installation.show.show import Cue, Idle, Show
from installation.types import Signals, Tick

log = logging.getLogger(__name__)

PRESENT = 0.1  # a presence at or below this is nobody

_BETWEEN = ("float", "int", "seconds", "point", "color", "numbers")


@dataclass(slots=True)
class _Fade:
    """One parameter on its way. ``done`` seconds of ``seconds`` have gone by."""

    start: Any
    end: Any
    seconds: float
    done: float = 0.0

    def value(self, param: Param) -> Any:
        if self.done >= self.seconds:
            return self.end
        t = self.done / self.seconds
        ease = t * t * (3.0 - 2.0 * t)
        if param.type not in _BETWEEN:
            return self.start
        if not isinstance(self.start, tuple):
            return param.clamp(self.start + (self.end - self.start) * ease)
        if len(self.start) != len(self.end):
            return self.start
        return tuple(a + (b - a) * ease for a, b in zip(self.start, self.end, strict=True))


class Controls:
    """``set`` and ``go`` at any time on the loop's thread; ``step`` once a tick; ``base`` is what the mapping reads."""

    def __init__(self, params: ParamTree, cues: Mapping[str, Cue], idle: Idle | None) -> None:
        self._params = params
        self._cues = cues
        self._idle = idle
        self._base = params.defaults()
        self._fades: dict[str, _Fade] = {}
        self._seen_at: float | None = None  # when somebody was last there
        self._before: dict[str, Any] = {}  # what to go back to when somebody comes
        self.cue = ""  # the last cue gone to
        self.idling = False

    @classmethod
    def of(cls, show: Show) -> Controls:
        return cls(show.params, show.cues, show.idle)

    @property
    def base(self) -> Mapping[str, Any]:
        """Every live parameter's value before mapping."""
        return self._base

    def set(self, address: str, value: Any) -> None:
        """Set a base value by hand, brought into range. Raises InstallationError or ParamError."""
        param = self._params.get(address)
        if param is None:
            raise InstallationError(f"there is no live parameter '{address}'", did_you_mean(address, self._params))
        try:
            self._base[address] = param.clamp(value)
        except (TypeError, ValueError) as error:
            raise ParamError(f"{address} cannot be {value!r}") from error
        self._fades.pop(address, None)
        self._before.pop(address, None)

    def go(self, name: str) -> None:
        """Start towards a cue's values."""
        cue = self._cues.get(name)
        if cue is None:
            raise InstallationError(f"there is no cue '{name}'", did_you_mean(name, self._cues))
        log.info("cue %s over %g s", name, cue.fade)
        self.cue = name
        self._fade_to(cue.values, cue.fade)

    def step(self, tick: Tick, signals: Signals) -> None:
        """Advance the fades by ``tick.dt`` and follow the idle rule."""
        self._follow_idle(tick, signals)
        for address, fade in list(self._fades.items()):
            fade.done += tick.dt
            self._base[address] = fade.value(self._params[address])
            if fade.done >= fade.seconds:
                del self._fades[address]

    def _fade_to(self, values: Mapping[str, Any], seconds: float) -> None:
        for address, value in values.items():
            if seconds > 0:
                self._fades[address] = _Fade(self._base[address], value, seconds)
            else:
                self._fades.pop(address, None)
                self._base[address] = value

    def _follow_idle(self, tick: Tick, signals: Signals) -> None:
        if not (idle := self._idle):
            return
        sample = signals[idle.signal]
        if not sample.stale and sample.value is not None and sample.value > PRESENT:
            self._seen_at = tick.now
            if self.idling:
                self.idling = False
                log.info("somebody is there")
                self._fade_to(self._before, self._cues[idle.cue].fade)
                self._before = {}
        elif self._seen_at is None:
            self._seen_at = tick.now  # the wait begins with the show
        elif not self.idling and tick.now - self._seen_at >= idle.after:
            self.idling = True
            # A fade under way is on its way somewhere: that is what to come back to, not the value it is passing.
            self._before = {
                address: self._fades[address].end if address in self._fades else self._base[address]
                for address in self._cues[idle.cue].values
            }
            self.go(idle.cue)

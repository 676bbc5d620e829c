"""What sound does, hop by hop: level, three bands, onsets and the strongest partial. Pure numpy, no device.

    level              RMS without its DC part, -60..0 dBFS -> 0..1; a sine of full scale is 0 dBFS (AES17)
    bass, mid, treble  RMS of 20-250, 250-2000 and 2000-16000 Hz over its own recent peak -> 0..1
    onset              half-wave rectified flux of the log spectrum above its own recent median (Dixon 2006,
                       "Onset detection revisited")
    frequency          peak of the Hann-windowed spectrum, a parabola through its three log magnitudes (Smith and
                       Serra 1987, "PARSHL"): within 0.4 Hz from 100 Hz on

A window is about 43 ms (2048 samples at 48 kHz) and moves by a quarter. What no converter can send, NaN and values
beyond full scale, is made lawful before anything is measured, so nothing here can grow or stay broken.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]  # (n,) mono, -1..1

WINDOW = 0.043  # seconds; bass wants two periods of 50 Hz, a hand clap wants it short
QUIETEST = -60.0  # dBFS, level 0
BANDS = {"bass": (20.0, 250.0), "mid": (250.0, 2000.0), "treble": (2000.0, 16000.0)}
FLOOR = 0.01  # RMS, -37 dBFS: a band is never amplified above its share of this, so the hum of a room stays low
RELEASE = 8.0  # seconds in which a band's peak falls to a third: the gain finds a quieter passage, not a pause
LOWEST, HIGHEST = 30.0, 16_000.0  # Hz, of a partial

FLUX_GAIN = 1000.0  # log(1 + gain * magnitude): what lies 60 dB below full scale counts as much as what is loud
LAG = (
    2  # hops between the spectra compared: overlapping windows of a soft attack differ too little from one to the next
)
MEMORY = 0.6  # seconds of flux the threshold looks back on
MARGIN = 0.05  # flux above 2.8 medians that makes an onset; steady noise stays below 2.6
REST = 0.1  # seconds between onsets: nobody claps faster
AUDIBLE = 0.003  # RMS, -47 dBFS; below it nothing is an onset or a tone


@dataclass(frozen=True, slots=True)
class Features:
    """``frequency`` is None where there is no tone to tell."""

    level: float
    bass: float
    mid: float
    treble: float
    onset: bool
    frequency: float | None


class AudioFeatures:
    """``push`` any number of samples; the newest features come back, None when no window has become full."""

    def __init__(self, rate: float) -> None:
        self.size = 2 ** round(np.log2(rate * WINDOW))
        self.hop = self.size // 4
        self._bin = rate / self.size
        self._rest = round(REST * rate / self.hop)
        self._fall = float(np.exp(-self.hop / rate / RELEASE))
        self._hann = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(self.size) / self.size)).astype(np.float32)
        bins = np.arange(self.size // 2 + 1) * self._bin
        self._bands = [(bins >= low) & (bins < high) for low, high in BANDS.values()]
        self._partials = np.flatnonzero((bins >= LOWEST) & (bins <= min(HIGHEST, 0.45 * rate)))
        self._window = np.zeros(self.size, np.float32)
        self._waiting = np.zeros(0, np.float32)
        self._peaks = np.full(len(BANDS), FLOOR)
        octaves = np.arange(np.log2(LOWEST), np.log2(min(HIGHEST, 0.45 * rate)), 1 / 4)
        self._edges = np.unique(np.searchsorted(bins, 2**octaves))
        self._logs: deque[NDArray[np.floating]] = deque([np.zeros(len(self._edges))] * LAG, maxlen=LAG)
        self._fluxes: deque[float] = deque(maxlen=round(MEMORY * rate / self.hop))
        self._since = self._rest

    def push(self, samples: Samples) -> Features | None:
        """Features of the last full window; ``onset`` if any of the hops just pushed began something."""
        lawful = np.clip(np.nan_to_num(samples, nan=0.0), -1, 1).astype(np.float32, copy=False)
        waiting = np.concatenate((self._waiting, lawful))
        newest: Features | None = None
        onset = False
        start = 0
        while start + self.hop <= len(waiting):
            self._window = np.concatenate((self._window[self.hop :], waiting[start : start + self.hop]))
            start += self.hop
            newest = self._measure()
            onset |= newest.onset
        self._waiting = waiting[start:]
        if newest is None or newest.onset == onset:
            return newest
        return Features(newest.level, newest.bass, newest.mid, newest.treble, onset, newest.frequency)

    def _measure(self) -> Features:
        steady = self._window - self._window.mean()
        rms = float(np.sqrt(np.mean(np.square(steady))))
        # Scaled so that a sine of amplitude 1 on a bin's centre has magnitude 1.
        magnitude = np.abs(np.fft.rfft(steady * self._hann)) * (4 / self.size)
        bass, mid, treble = self._levels(magnitude)
        onset = self._onset(magnitude) and rms > AUDIBLE
        return Features(_loudness(rms), bass, mid, treble, onset, self._tone(magnitude) if rms > AUDIBLE else None)

    def _levels(self, magnitude: NDArray[np.floating]) -> list[float]:
        # A Hann window spreads a line's energy over bins that sum to 1.5 of its peak's (its noise bandwidth).
        power = np.array([np.sum(np.square(magnitude[band])) for band in self._bands]) / 1.5 / 2
        rms = np.sqrt(power)
        self._peaks = np.maximum(np.maximum(self._peaks * self._fall, rms), FLOOR)
        return [float(value) for value in rms / self._peaks]

    def _onset(self, magnitude: NDArray[np.floating]) -> bool:
        # Quarter octaves, as an ear divides them: a flute's note counts as much as a drum that fills the spectrum.
        log = np.log1p(FLUX_GAIN * np.sqrt(np.add.reduceat(np.square(magnitude), self._edges)))
        flux = float(np.mean(np.maximum(log - self._logs[0], 0)))
        self._logs.append(log)
        threshold = 2.8 * float(np.median(self._fluxes)) + MARGIN if self._fluxes else MARGIN
        self._fluxes.append(flux)
        self._since += 1
        if flux <= threshold or self._since <= self._rest:
            return False
        self._since = 0
        return True

    def _tone(self, magnitude: NDArray[np.floating]) -> float | None:
        peak = int(self._partials[np.argmax(magnitude[self._partials])])
        left, top, right = np.log(magnitude[peak - 1 : peak + 2] + 1e-12)
        bend = left - 2 * top + right
        if bend >= 0:  # no peak: the edge of the range, the flank of something outside it
            return None
        return float((peak + 0.5 * np.clip((left - right) / bend, -1, 1)) * self._bin)


def _loudness(rms: float) -> float:
    decibels = 20 * np.log10(max(rms, 1e-9) * np.sqrt(2))
    return float(np.clip(1 - decibels / QUIETEST, 0, 1))

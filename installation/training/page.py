"""The page of a training: one file that needs no server and nothing from elsewhere, and renews itself."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from pathlib import Path

from installation.files import write_atomically
from installation.training.progress import Progress

RENEW = 30  # seconds
WIDE, TALL = 640, 150  # of a curve
POINTS = 400  # of a curve, at most
NOT_LOSSES = ("seconds", "seen")

STYLE = """
:root { color-scheme: dark; }
body { margin: 0; padding: 3rem clamp(1rem, 4vw, 4rem); background: #0d0c0c; color: #c4c6c8;
  font: 15px/1.5 ui-sans-serif, system-ui, sans-serif; }
h1 { font-size: 1.6rem; font-weight: 500; margin: 0; color: #f2f0ec; }
h2 { font-size: .8rem; font-weight: 500; letter-spacing: .08em; text-transform: uppercase; color: #84868a;
  margin: 2.5rem 0 .8rem; }
.bar { height: 3px; background: #262424; margin: 1.2rem 0 .6rem; }
.bar i { display: block; height: 100%; background: #d8b26a; }
.faint { color: #84868a; } img, video { max-width: 100%; display: block; }
.curves { display: grid; grid-template-columns: repeat(auto-fill, minmax(20rem, 1fr)); gap: 1.5rem 2rem; }
svg { width: 100%; height: auto; display: block; background: #141312; } figure { margin: 0; }
figcaption { display: flex; justify-content: space-between; font-size: .85rem; color: #84868a; padding: .3rem 0; }
"""


def write(path: Path, title: str, progress: Progress, share: float, sheet: str, film: str) -> None:
    names = sorted({name for row in progress.rows for name in row if name not in NOT_LOSSES})
    curves = [_curve(name, [(row["seen"], row[name]) for row in progress.rows if name in row]) for name in names]
    if progress.scores:
        curves.insert(0, _curve("KID", [(row["seen"], row["kid"]) for row in progress.scores]))
    left = progress.seconds * (1 / share - 1) if share > 0 else math.nan
    seen = progress.rows[-1]["seen"] if progress.rows else 0
    words = f"{_clock(progress.seconds)} trained, {'finished' if share >= 1 else _clock(left) + ' left'}"
    text = f"""<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="{RENEW}">
<meta name="viewport" content="width=device-width"><title>{html.escape(title)}</title><style>{STYLE}</style>
<h1>{html.escape(title)}</h1>
<div class="bar"><i style="width: {100 * share:.1f}%"></i></div>
<div class="faint">{words}, {seen / 1000:,.0f} thousand pictures seen, {progress.steps:,} steps</div>
<h2>Samples</h2><img src="{html.escape(sheet)}" alt="samples of the same seeds">
<h2>Film</h2><video src="{html.escape(film)}" controls loop muted autoplay></video>
<h2>Curves</h2><div class="curves">{"".join(curves)}</div></html>
"""
    write_atomically(path, text.encode())


def _curve(name: str, points: Sequence[tuple[float, float]]) -> str:
    """Between the 2nd and 98th of a hundred parts: a spike does not flatten the rest."""
    every = max(1, len(points) // POINTS)
    finite = [point for point in points[::every] if math.isfinite(point[1])]
    if not finite:
        return f"<figure><svg viewBox='0 0 {WIDE} {TALL}'></svg><figcaption>{html.escape(name)}</figcaption></figure>"
    ranked = sorted(value for _, value in finite)
    low, high = ranked[len(ranked) // 50], ranked[-1 - len(ranked) // 50]
    room, last = (high - low) or 1.0, finite[-1][0] or 1.0
    line = " ".join(
        f"{WIDE * seen / last:.1f},{TALL - 6 - (TALL - 12) * min(1, max(0, (value - low) / room)):.1f}"
        for seen, value in finite
    )
    return (
        f"<figure><svg viewBox='0 0 {WIDE} {TALL}'><polyline points='{line}' fill='none' stroke='#d8b26a' "
        f"stroke-width='1.5'/></svg><figcaption><span>{html.escape(name)}</span><span>{finite[-1][1]:.3g}</span>"
        f"</figcaption></figure>"
    )


def _clock(seconds: float) -> str:
    if not math.isfinite(seconds):
        return "an unknown time"
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02d} min" if minutes >= 60 else f"{minutes} min"

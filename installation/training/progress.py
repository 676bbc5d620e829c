"""What has been of a training: kept with its checkpoint, drawn on its page."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Progress:
    """``rows`` of seconds, pictures seen and each loss; ``scores`` of pictures seen and KID."""

    seconds: float = 0.0
    steps: int = 0
    rows: list[dict[str, float]] = field(default_factory=list)
    scores: list[dict[str, float]] = field(default_factory=list)

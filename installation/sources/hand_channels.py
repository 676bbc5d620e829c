"""The channels of the hands source, declared without loading anything."""

from __future__ import annotations

from installation.types import Channel

POSE = 63  # 21 points of x, y, z
GONE = 0.3  # seconds after which a hand that is not seen is stale
FASTEST = 6.0  # picture heights a second that a palm may move: a swipe across the picture in a quarter of a second
FARTHEST = 3.0  # palm lengths a point may lie from the palm; a stretched finger reaches 2


def _hand(side: str) -> tuple[Channel, ...]:
    def number(name: str, help: str, low: float = 0.0, high: float = 1.0, unit: str = "") -> Channel:
        return Channel(f"{side}.{name}", low=low, high=high, unit=unit, help=help, stale_after=GONE)

    return (
        Channel(f"{side}.presence", help=f"1 while the {side} hand is seen, fading in 0.1 s and out in 0.3 s"),
        number("palm.x", "palm, 0 the picture's left edge, 1 its right"),
        number("palm.y", "palm, 0 the picture's bottom, 1 its top"),
        number("palm.z", "nearness of the palm, 0 far, 1 near"),
        number("rotation", "turn of the hand, 0 upright, clockwise positive", -1.0, 1.0, "half turns"),
        number("openness", "0 a fist, 1 an open hand"),
        number("pinch", "1 thumb and index finger touch"),
        number("spread", "0 fingers together, 1 fanned out"),
        number("velocity", "speed of the palm", 0.0, FASTEST, "picture heights/s"),
        Channel(
            side, "vector", -FARTHEST, FARTHEST, POSE, help=f"shape and turn of the {side} hand, 0 when it is not there"
        ),
    )


CHANNELS: tuple[Channel, ...] = (
    Channel("presence", help="1 while any hand is seen, fading in 0.1 s and out in 0.3 s"),
    Channel("count", low=0.0, high=2.0, help="hands that are seen"),
    *_hand("left"),
    *_hand("right"),
    Channel("both.distance", unit="picture widths", help="distance between the palms", stale_after=GONE),
    Channel("both.angle", low=-1.0, unit="half turns", help="slope of the line between the palms", stale_after=GONE),
    Channel("both", "vector", -FARTHEST, FARTHEST, 2 * POSE, help="both hands, left then right, for steering a latent"),
)

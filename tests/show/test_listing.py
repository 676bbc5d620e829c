"""The listings are plain data that JSON can hold."""

import json

from installation.show.listing import params_listing, signals_listing

SHOW = """
sources:
  slow: {kind: lfo, low: -1, high: 2}
  osc: {kind: osc}
generator: {kind: gan, model: omniart-eyes, latent: [{walk: {speed: 0.25}}, truncate]}
mapping:
  generator.latent.truncate.psi: slow.value | clamp 0..1
"""


def test_parameters(show):
    listing = params_listing(show(SHOW))
    assert json.loads(json.dumps(listing, allow_nan=False)) == listing
    by_address = {row["address"]: row for row in listing}
    speed = by_address["generator.latent.walk.speed"]
    assert (speed["type"], speed["default"], speed["mapped"]) == ("float", 0.25, None)
    assert (speed["range"], speed["low"], speed["high"]) == ("-2..2", -2.0, 2.0)
    assert speed["help"]
    assert by_address["generator.latent.truncate.psi"]["mapped"] == "slow.value | clamp 0..1"
    assert list(speed) == ["address", "type", "range", "low", "high", "choices", "default", "unit", "help", "mapped"]


def test_signals(show):
    listing = signals_listing(show(SHOW))
    assert json.loads(json.dumps(listing, allow_nan=False)) == listing
    by_address = {row["address"]: row for row in listing}
    value = by_address["slow.value"]
    assert (value["kind"], value["low"], value["high"], value["size"]) == ("number", -1.0, 2.0, 1)
    assert by_address["osc./*"]["stale_after"] is None  # a fader never goes stale, and JSON has no infinity
    assert list(value) == ["address", "kind", "low", "high", "size", "unit", "help", "stale_after"]

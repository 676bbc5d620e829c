"""Latent steps: what moves the point a generator paints from. ``name -> "module:Class"``, in the show's order."""

from installation.tables import Table

STEPS = Table(
    "latent step",
    "installation.latent",
    {
        "direction": "installation.latent.direction:Along",
        "favourite": "installation.latent.favourite:Preset",
        "project": "installation.latent.project:Project",
        "recall": "installation.latent.recall:Recall",
        "route": "installation.latent.route:Route",
        "style_mix": "installation.latent.style_mix:StyleMix",
        "truncate": "installation.latent.truncate:Truncate",
        "walk": "installation.latent.walk:Walk",
    },
)

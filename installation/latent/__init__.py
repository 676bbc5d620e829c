"""Latent steps: what moves the point a generator paints from. ``name -> "module:Class"``, in the show's order."""

from installation.tables import Table

STEPS = Table(
    "latent step",
    "installation.latent",
    {
        "project": "installation.latent.project:Project",
        "truncate": "installation.latent.truncate:Truncate",
        "walk": "installation.latent.walk:Walk",
    },
)

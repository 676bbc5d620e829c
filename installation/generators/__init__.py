"""Generators: what makes the picture. ``kind -> "module:Class"``, imported only when a show asks for it."""

from installation.tables import Table

GENERATORS = Table(
    "generator",
    "installation.generators",
    {
        "gan": "installation.generators.gan:Gan",
        "image": "installation.generators.image:ImageToImage",
        "test_card": "installation.generators.test_card:TestCard",
        "texture": "installation.generators.texture:LivingTexture",
    },
)

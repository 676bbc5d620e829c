"""Sources: what reads the world. ``kind -> "module:Class"``, imported only when a show asks for it."""

from installation.tables import Table

SOURCES = Table(
    "source",
    "installation.sources",
    {
        "audio": "installation.sources.audio:Audio",
        "hands": "installation.sources.hands:Hands",
        "lfo": "installation.sources.lfo:Lfo",
        "osc": "installation.sources.osc:Osc",
        "painted": "installation.sources.painted:Painted",
        "still": "installation.sources.still:Still",
        "tape": "installation.sources.tape:Tape",
        "webcam": "installation.sources.webcam:Webcam",
    },
)

"""Outputs: where the finished picture goes. ``kind -> "module:Class"``, imported only when asked for."""

from installation.tables import Table

OUTPUTS = Table(
    "output",
    "installation.outputs",
    {
        "digest": "installation.outputs.digest:Digest",
        "recorder": "installation.outputs.recorder:Recorder",
        "sheet": "installation.outputs.sheet:Sheet",
        "take": "installation.outputs.take:TakeWriter",
    },
)

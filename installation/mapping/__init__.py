"""Mapping: signals to parameters. The table of ops: ``name -> "module:Class"``."""

from installation.tables import Table

OPS = Table(
    "op",
    "installation.ops",
    {
        "add": "installation.mapping.arithmetic:Add",
        "clamp": "installation.mapping.shaping:Clamp",
        "curve": "installation.mapping.shaping:Curve",
        "delta": "installation.mapping.filters:Delta",
        "else": "installation.mapping.gates:Else",
        "envelope": "installation.mapping.filters:Envelope",
        "gate": "installation.mapping.gates:Gate",
        "hold": "installation.mapping.gates:Hold",
        "invert": "installation.mapping.shaping:Invert",
        "mul": "installation.mapping.arithmetic:Mul",
        "one_euro": "installation.mapping.filters:OneEuro",
        "predict": "installation.mapping.filters:Predict",
        "project": "installation.mapping.project:Project",
        "scale": "installation.mapping.shaping:Scale",
        "smooth": "installation.mapping.filters:Smooth",
    },
)

"""A real-time engine for interactive art: a camera, hands, sound and OSC play generative networks on a stage."""

__version__ = "0.2.0"

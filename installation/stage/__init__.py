"""The stage: draws the made picture at display rate, through a chain of shader files, onto a window or into memory.

``STAGE_PARAMS`` are the fixed options of a show's ``stage:``; a pass's live parameters come from its shader's header
(passes.py). Nothing here imports GL.
"""

from installation.params import Param

STAGE_PARAMS: tuple[Param, ...] = (
    Param("size", "size", (1280, 720), help="canvas that the passes draw on; a window shows it letterboxed"),
    Param("fps", "float", 60.0, 1.0, 480.0, unit="fps", help="rate of the loop where the screen does not set it"),
    Param(
        "fit", "choice", "cover", choices=("cover", "contain"), help="crop a picture to fill the canvas, or show all"
    ),
    Param("fullscreen", "bool", False, help="fill the monitor, with nothing around the picture"),
    Param("monitor", "text", "", help="index of a monitor, or a part of its name; empty is the primary one"),
    Param("cursor", "bool", False, help="show the mouse pointer over the window"),
)

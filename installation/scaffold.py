"""``installation new FOLDER``: an artist's own folder, laid out like the house, with something in it that runs."""

from __future__ import annotations

from pathlib import Path

from installation.errors import InstallationError
from installation.library import FOLDERS, Library

READ_ME = """\
{name}
{line}

Everything here is yours; the engine only reads it. Run it from inside this folder:

    installation run my_show            perform (Esc ends it)
    installation check show_configs/my_show.yaml
    installation params my_show         what can be moved
    installation signals my_show        what can move it

    show_configs/   one YAML file a show
    shaders/        passes of your own (ISF: the header declares the sliders); a file of the house's name replaces it
    models/         one folder a model: model.yaml and its weights
    takes/          recordings: installation record my_show -o takes/first
    favourites/     the pictures of a model that you like: installation favourites add terra 3,14,15
"""

SHADER = """\
/*{
  "DESCRIPTION": "Tints the picture. A pass to begin with: change it, save it, run the show again.",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "amount", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35, "LABEL": "how strong the tint is"},
    {"NAME": "tint", "TYPE": "color", "DEFAULT": [1.0, 0.72, 0.45, 1.0], "LABEL": "colour of the tint"}
  ]
}*/

void main() {
    vec4 picture = IMG_THIS_PIXEL(inputImage);
    float light = dot(picture.rgb, vec3(0.2126, 0.7152, 0.0722));
    gl_FragColor = vec4(mix(picture.rgb, light * tint.rgb, amount), picture.a);
}
"""

SHOW = """\
title: My show
# Begin with a show of the house and change what you like: what stands here wins over what is included.
include: terra.yaml

stage:
  size: 1280x720
  passes: [between, glow, tint, {grade: {vignette: 0.4}}]
"""


def scaffold(folder: Path) -> list[Path]:
    """Make the folder and return what was written. Refuses one that holds anything: nothing is ever overwritten."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InstallationError(f"{folder} is there already and not empty", "name a new folder")
    texts = {
        "README.txt": READ_ME.format(name=folder.resolve().name, line="=" * len(folder.resolve().name)),
        "shaders/tint.fs": SHADER,
        "show_configs/my_show.yaml": SHOW,
        # A copy, so that the artist can read and change what the show starts from.
        "show_configs/terra.yaml": Library().show("terra").read_text(encoding="utf-8"),
    }
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts]

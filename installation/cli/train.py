"""``installation train``: models out of an artist's own pictures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from installation.cli.models import Backend
from installation.cli.options import Home

train = App(
    name="train",
    help="Train models on your own pictures. Stop whenever you like: the same command goes on where it was.",
    help_epilogue="Your leaves:  installation train gan leaves/ --hours 8    then    installation models sheet leaves"
    "\n\nSeveral GPUs:  torchrun --nproc-per-node 4 -m installation train gan leaves/",
)

Folder = Annotated[str, Parameter(help="Pictures to learn from: a folder, or a set of 'data list'.")]


@Parameter(name="*")
@dataclass(frozen=True)
class Common:
    """What every training is asked."""

    name: Annotated[str, Parameter(help="What the model is to be called; left out, as the folder is.")] = ""
    hours: Annotated[float, Parameter(help="How long to train; the time of earlier runs counts.")] = 6.0
    steps: Annotated[int | None, Parameter(help="So many steps in place of hours: the same numbers each time.")] = None
    batch: Annotated[int | None, Parameter(help="Pictures a step; left out, what the device takes well.")] = None
    device: Annotated[
        Literal["auto", "cpu", "cuda", "mps"], Parameter(help="What computes: a GPU where there is one.")
    ] = "auto"
    seed: Annotated[int, Parameter(help="Of all that is drawn at random.")] = 0
    show_every: Annotated[float, Parameter(help="Minutes between two sheets of samples, with a film.")] = 5.0
    author: Annotated[str, Parameter(help="Who trains it, for the model's card.")] = ""
    licence: Annotated[str, Parameter(help="The model's, for its card; left out, that of the pictures.")] = ""
    home: Home = None


COMMON = Common()


@train.command
def gan(
    folder: Folder,
    /,
    *,
    resolution: Annotated[int, Parameter(help="Side of the pictures it paints: 64, 128, 256 ...")] = 256,
    augment: Annotated[
        Literal["auto", "on", "off"], Parameter(help="Against learning by heart; auto: below 5,000 pictures.")
    ] = "auto",
    path_length: Annotated[float, Parameter(help="Weight of the path length penalty; 2 makes motion even.")] = 0.0,
    common: Common = COMMON,
) -> None:
    """Train a GAN on a folder: pictures that never were, and walks between them.

    With fewer than two hundred pictures it repeats them, with thousands it
    invents. What is wrong with the folder is told before anything begins.
    """
    from installation.commands.train.asked import Asked
    from installation.commands.train.gan import gan as command

    command(folder, resolution, augment, path_length, Asked(**vars(common)))


@train.command
def image(
    folder: Folder,
    /,
    *,
    manner: Annotated[
        Literal["sight", "lines", "pairs", "unpaired"],
        Parameter(
            help="sight: it sees whatever a camera shows as these pictures; lines: it makes them out of drawings; "
            "pairs: pix2pix; unpaired: CycleGAN."
        ),
    ] = "sight",
    into: Annotated[str | None, Parameter(help="For unpaired: the folder or set of what it is to become.")] = None,
    common: Common = COMMON,
) -> None:
    """Train a network that turns a camera's picture into another.

    sight and lines need pictures of one kind alone (Akten's Learning to See;
    edges2cats): the drawings are made of them. Pairs lie in folders A and B
    under the same names, or side by side in one file.
    """
    from installation.commands.train.asked import Asked
    from installation.commands.train.image import image as command

    command(folder, manner, into, Asked(**vars(common)))


@train.command
def texture(
    picture: Annotated[str, Parameter(help="A picture, or a folder of them: a texture each, trained side by side.")],
    /,
    *,
    side: Annotated[int | None, Parameter(help="Pixels it is looked at with; left out, 128 on a GPU, else 64.")] = None,
    common: Common = COMMON,
) -> None:
    """Train a texture that grows, lives and heals, out of one picture.

    What is even all over is learnt best: stone, strokes, dunes, cloth. A
    thousand steps at 64 pixels give a first good one: half an hour on a core.
    """
    from installation.commands.train.asked import Asked
    from installation.commands.train.texture import texture as command

    command(picture, side, Asked(**vars(common)))


@train.command
def style(
    picture: Annotated[str, Parameter(help="The painting whose manner it is to learn.")],
    /,
    *,
    onto: Annotated[str, Parameter(help="Photographs to paint while it learns: a folder, or a set of 'data list'.")],
    strength: Annotated[float, Parameter(help="How much of the manner: 1 lightly, 10 hardly anything else.")] = 3.0,
    stroke: Annotated[int, Parameter(help="Pixels the painting is taken for; more makes larger strokes.")] = 384,
    common: Common = COMMON,
) -> None:
    """Train a fast network that paints every camera frame in the manner of one picture.

    What lies in front of the camera is not what it learns on: some hundreds of
    photographs of anything will do.
    """
    from installation.commands.train.asked import Asked
    from installation.commands.train.style import style as command

    command(picture, onto, strength, stroke, Asked(**vars(common)))


@train.command
def directions(
    model: Annotated[str, Parameter(help="A model that paints from latents, as 'models list' has it.")],
    /,
    *,
    name: Annotated[str, Parameter(help="What the direction is to be called.")],
    toward: Annotated[str, Parameter(help="A folder: what there is to be more of.", show_default=False)] = "",
    away: Annotated[str, Parameter(help="A folder: what there is to be less of.", show_default=False)] = "",
    seeds: Annotated[str, Parameter(help="Or seeds of the model: 3,14,15.", show_default=False)] = "",
    against: Annotated[
        str, Parameter(help="Seeds against those; left out, the model's average.", show_default=False)
    ] = "",
    favourites: Annotated[
        bool, Parameter(negative="", show_default=False, help="Or the model's favourites, by their stars.")
    ] = False,
    apart: Annotated[
        str, Parameter(help="Directions that it is to leave alone: desert,sefa.0.", show_default=False)
    ] = "",
    samples: Annotated[int, Parameter(help="Pictures that are painted and judged.")] = 2000,
    seed: Annotated[int, Parameter(help="Of all that is drawn at random.")] = 0,
    backend: Backend = "auto",
    output: Annotated[
        Path | None, Parameter(name=["--output", "-o"], help="Its sheet (png); left out, out/NAME.png.")
    ] = None,
    home: Home = None,
) -> None:
    """Give a direction of a model's latent space a meaning, by example.

    Out of two folders, of islands and of deserts, it learns what sets them
    apart and finds the way there through the model. Ten pictures each will
    do, a hundred are better. The direction is kept beside the model's card.
    """
    from installation.commands.train.directions import Asked
    from installation.commands.train.directions import directions as command

    command(Asked(model, name, toward, away, seeds, against, favourites, apart, samples, seed, backend, output, home))

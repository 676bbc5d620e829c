"""``installation models``: everything that is done with checkpoints and models outside a show."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from installation.cli.options import Home, Json

models = App(
    name="models",
    help="Models that shows can use: convert your own, list, get, inspect, look at them.",
    help_epilogue="A checkpoint of yours:  installation models convert FILE    then    installation models sheet NAME",
)

ModelName = Annotated[str, Parameter(help="A model, as 'models list' has it.")]
Backend = Annotated[
    Literal["auto", "torch", "openvino", "tensorrt"], Parameter(help="What runs the network.", show_choices=True)
]
Precision = Annotated[Literal["auto", "fp32", "bf16", "fp16"], Parameter(help="fp32 is exact, the others are faster.")]
Picture = Annotated[Path, Parameter(name=["--output", "-o"], help="Where the picture goes (png).")]


@models.command(name="list")
def list_(*, home: Home = None, json: Json = False) -> None:
    """Every model that has a card, and whether its weights are here."""
    from installation.commands import models as command

    command.list_models(home, json)


@models.command
def get(
    *names: Annotated[str, Parameter(help="Models, as 'models list' has them.")],
    every: Annotated[
        bool, Parameter(name="--all", negative="", show_default=False, help="Every model that has a card.")
    ] = False,
    home: Home = None,
) -> None:
    """Fetch weights into your cache, checked by their hash. What is there already is not fetched again."""
    from installation.commands import models as command

    command.get(names, every, home)


@models.command
def inspect(
    name: Annotated[str, Parameter(help="A file, or a model as 'models list' has it.")],
    /,
    *more: Annotated[Path, Parameter(help="Files that belong to the first.")],
    home: Home = None,
    json: Json = False,
) -> None:
    """Say what a checkpoint file is, without loading its tensors; or show a model's card and tensors.

    A file is read by a process of its own that can neither run what is in it
    nor reach the network.
    """
    from installation.commands import models as command

    command.inspect(name, more, home, json)


@models.command
def convert(
    file: Annotated[Path, Parameter(help="The checkpoint: pkl, pt, pth, bin, safetensors, onnx.")],
    /,
    *more: Annotated[Path, Parameter(help="Files that belong to it: AdaIN's decoder and VGG.")],
    name: Annotated[str, Parameter(help="The model's name; else made from the file's.", show_default=False)] = "",
    home: Annotated[
        Path | None, Parameter(help="Folder whose models/ gets it; else yours, else the working folder.")
    ] = None,
    replace: Annotated[bool, Parameter(negative="", show_default=False, help="Replace a model of that name.")] = False,
    trust: Annotated[
        bool, Parameter(negative="", show_default=False, help="Accept TorchScript, which is a program and will run.")
    ] = False,
) -> None:
    """Make a model of a checkpoint you have: models/NAME with its card and weights.

    The file is read by a process of its own that can neither run what is in
    it nor reach the network. Then names, shapes and numbers are checked
    against the network.
    """
    from installation.commands import models as command

    command.convert([file, *more], name, home, replace, trust)


@models.command
def render(
    name: ModelName,
    /,
    *,
    input: Annotated[Path, Parameter(help="Arrays in (npz): z, c, w, psi, noise, label, image ...")],
    output: Annotated[Path, Parameter(help="Arrays out (npz): image, and ws for StyleGAN.")],
    backend: Backend = "torch",
    precision: Precision = "fp32",
    look: Annotated[
        Literal["eval", "batch"] | None,
        Parameter(help="pix2pix, CycleGAN: stored statistics, or the picture's own as the official test does."),
    ] = None,
    home: Home = None,
) -> None:
    """Render numbers to numbers, as the official code does: for comparing, to the last digit."""
    from installation.commands import models as command

    command.render(name, input, output, backend, precision, look, home)


@models.command
def sheet(
    name: ModelName,
    /,
    *,
    output: Picture = Path("out/sheet.png"),
    seeds: Annotated[str, Parameter(help="Seeds: 0-11, or 3,14,15.")] = "0-7",
    psi: Annotated[str, Parameter(help="Truncations, a row each: 0.5,0.7,1; 0:1:9 is 0 to 1 in 9.")] = "0.4,0.7,1",
    direction: Annotated[
        str, Parameter(help="Rows are directions instead: sefa.0,sefa.1 or sefa.0-5.", show_default=False)
    ] = "",
    reach: Annotated[float, Parameter(help="How far along a direction, in its own deviations.")] = 3.0,
    backend: Backend = "auto",
    home: Home = None,
) -> None:
    """Draw a contact sheet: seeds by truncation, or directions by steps."""
    from installation.commands import models as command

    command.sheet(name, output, seeds, psi, direction, reach, backend, home)


@models.command
def directions(
    name: ModelName,
    /,
    *,
    samples: Annotated[int, Parameter(help="Latents to sample.")] = 20_000,
    count: Annotated[int, Parameter(help="Directions to keep.")] = 32,
    seed: int = 0,
    backend: Backend = "auto",
    home: Home = None,
) -> None:
    """Find the main directions of a model's latent space (GANSpace) and keep them beside its card."""
    from installation.commands import models as command

    command.directions(name, samples, count, seed, backend, home)


@models.command
def project(
    name: ModelName,
    picture: Annotated[Path, Parameter(help="A picture to find in the model's latent space.")],
    /,
    *,
    keep: Annotated[str, Parameter(name="--as", help="Its name; else the file's.", show_default=False)] = "",
    steps: Annotated[int, Parameter(help="Steps of the optimisation.")] = 500,
    wide: Annotated[
        bool, Parameter(name="--w-plus", negative="", show_default=False, help="One w a layer: closer, less editable.")
    ] = False,
    home: Home = None,
) -> None:
    """Find the latent whose picture is most like yours; a show then goes there with 'recall'."""
    from installation.commands import models as command

    command.project(name, picture, keep, steps, wide, home)


@models.command(name="compile")
def compile_(
    name: ModelName,
    /,
    *,
    backend: Annotated[Literal["tensorrt"], Parameter(help="What to build for.")] = "tensorrt",
    target: Annotated[str, Parameter(help="sm80, sm89, sm120 ...; 'current' is the GPU in this machine.")] = "current",
    precision: Annotated[Literal["fp16", "bf16", "fp32"], Parameter(help="What it computes in.")] = "fp16",
    size: Annotated[str, Parameter(help="Picture size, for models that take any.")] = "512x512",
    home: Home = None,
) -> None:
    """Build a GPU engine ahead of a show, also on a machine without one."""
    from installation.commands import models as command

    command.compile_engine(name, target, precision, size, home)

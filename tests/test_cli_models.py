"""``models convert`` and ``models render`` as a person types them, for families that have no official fixture.

Each file is made here, of random weights; the picture that comes back is the plain network's.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from installation.cli import app
from installation.errors import ModelError
from tests.networks import test_adain as adain
from tests.networks import test_fast_style as fast_style

CLOSE = 2e-5  # of the picture's deviation
WIDE = 5e-5  # AdaIN divides by deviations: torch, channels last, is 2.5e-5 from double precision; the plain one 0.7e-5


def installation(*words: str | Path) -> None:
    """In this process, which has torch already."""
    app([*map(str, words)], result_action="return_value")


def rendered(home: Path, files: list[Path], given: Mapping[str, object], *words: str) -> np.ndarray:
    """The picture of a model made of ``files``. ``words``: what convert is told besides."""
    installation("models", "convert", *files, "--name", "mine", "--home", home, *words)
    np.savez(home / "in.npz", **given)
    paths = ["--input", home / "in.npz", "--output", home / "out.npz"]
    installation("models", "render", "mine", "--home", home, *paths)
    with np.load(home / "out.npz") as made:
        return made["image"]


def check(made: np.ndarray, wanted: torch.Tensor, close: float = CLOSE) -> None:
    assert made.shape == tuple(wanted.shape)
    assert np.abs(made - wanted.numpy()).max() < close * float(wanted.std())


def test_fast_style(tmp_path: Path) -> None:
    plain, image = fast_style.Plain((8, 16, 32), 2), fast_style.picture(36, 52)
    torch.save(plain.state_dict(), tmp_path / "mosaic.pth")
    check(rendered(tmp_path, [tmp_path / "mosaic.pth"], {"image": image.numpy()}), plain(image))


def test_adain_is_two_files(tmp_path: Path) -> None:
    vgg, decoder = adain.plain()
    files = [tmp_path / "decoder.pth", tmp_path / "vgg_normalised.pth"]
    torch.save(decoder.state_dict(), files[0])
    torch.save(vgg.state_dict(), files[1])
    image, styles = adain.picture(32, 48, 1), [adain.picture(40, 32, seed) for seed in (2, 3)]
    given = {"image": image.numpy(), "style": torch.cat(styles).numpy(), "weights": [3, 1], "alpha": 0.7}
    check(rendered(tmp_path, files, given), adain.published(image, styles, (0.75, 0.25), 0.7), WIDE)
    with pytest.raises(ModelError, match="without the decoder"):
        installation("models", "convert", files[1], "--name", "half", "--home", tmp_path)
    assert not (tmp_path / "models" / "half").exists()


@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")
def test_torchscript_wants_trust(tmp_path: Path) -> None:
    net = nn.Sequential(nn.Conv2d(3, 3, 3, padding=1), nn.Tanh()).eval().requires_grad_(False)
    torch.jit.script(net).save(str(tmp_path / "net.pt"))
    with pytest.raises(ModelError, match="it is TorchScript: a program") as caught:
        installation("models", "convert", tmp_path / "net.pt", "--name", "mine", "--home", tmp_path)
    assert "--trust" in caught.value.hint
    assert not (tmp_path / "models" / "mine").exists()
    image = torch.rand(1, 3, 24, 40, generator=torch.Generator().manual_seed(1))
    check(rendered(tmp_path, [tmp_path / "net.pt"], {"image": image.numpy()}, "--trust"), net(image))

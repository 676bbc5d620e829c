"""The plain forms are the same networks: against ours, and against the papers' arithmetic written out slowly."""

from functools import partial

import numpy as np
import pytest
import torch

from installation.backends.choose import load
from installation.benchmark import models, plain, samples
from installation.benchmark.plain.stylegan2 import PlainSynthesis
from installation.benchmark.samples import pictures, stylegan
from installation.checkpoints.found import Found
from installation.errors import ModelError
from installation.models import recipes
from tests.networks import plain_stylegan2 as slow

CLOSE = 2e-5  # of the picture's deviation
SMALL = {"pix2pix": partial(pictures.unet, 6, 8), "stylegan2": partial(stylegan.stylegan2, 32, 256, 16, 32)}


@pytest.mark.parametrize("name", plain.PLAIN)
def test_it_paints_what_ours_does(name, tmp_path):
    shapes, facts = SMALL[name]()
    card = samples.write(name, Found("sample", shapes, facts), samples.draw(shapes, 1), tmp_path)
    part = recipes.family_of(card).picture
    recipe = recipes.numeric(card, part, (64, 128), batch=2)
    given = models.inputs(recipe)
    made = plain.load(card).run(given)[part.output]
    wanted = load(recipe, "torch", "fp32").run(given)[part.output]
    assert made.shape == wanted.shape
    assert wanted.std() > 1e-2
    assert np.abs(made - wanted).max() < CLOSE * wanted.std()
    assert np.abs(wanted[0] - wanted[1]).max() > wanted.std()  # two samples, and not one twice


@pytest.mark.parametrize(("channels", "clamp"), [(3, None), (3, 0.8), (1, None)])
def test_stylegan2_is_the_papers_arithmetic(channels, clamp):
    state = slow.random_state(channels=channels)
    made = torch.Generator().manual_seed(7)
    ws, noise = torch.randn(2, 8, 20, generator=made), torch.rand(7, generator=made) * 2
    wanted = slow.synthesis(state, ws, noise, clamp)
    net = PlainSynthesis.from_state(state, clamp)
    assert (net(ws, noise) - wanted).abs().max() < CLOSE * wanted.std()
    assert torch.equal(net(ws, noise), net(ws, noise))  # what it writes over is its own
    if clamp:
        assert (slow.synthesis(state, ws, noise) - wanted).abs().max() > 0.1 * wanted.std()  # it bites


def test_the_other_architectures_of_stylegan2_are_refused():
    with pytest.raises(ModelError, match="the architecture 'resnet'"):
        plain.PLAIN["stylegan2"](slow.random_state(architecture="resnet"), {"architecture": "resnet"})

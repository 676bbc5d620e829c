"""One small network as a recipe, and a cache that lasts for these tests."""

import pytest
import torch
from torch import nn

from installation.backends.recipe import Input, Recipe


class Small(nn.Module):
    """Convolutions, a normalisation and a shuffle: what the house's networks are made of."""

    def __init__(self) -> None:
        super().__init__()
        made = torch.Generator().manual_seed(3)
        self.spread = nn.Linear(8, 32 * 16)
        self.up = nn.Conv2d(32, 64, 2, padding=1)
        self.out = nn.Conv2d(16, 3, 3, padding=1)
        for tensor in self.parameters():
            tensor.data = torch.randn(tensor.shape, generator=made) * 0.15
        self.eval().requires_grad_(False)

    def forward(self, z, gain):
        x = torch.relu(self.spread(z)).reshape(1, 32, 4, 4)
        x = nn.functional.pixel_shuffle(self.up(x), 2)[:, :, 1:-1, 1:-1]
        x = nn.functional.instance_norm(x) * gain
        return torch.tanh(self.out(torch.relu(x)))


@pytest.fixture(scope="session")
def kept(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def cache(kept, monkeypatch):
    monkeypatch.setenv("INSTALLATION_CACHE", str(kept))
    return kept


@pytest.fixture
def recipe() -> Recipe:
    return Recipe("small", {"z": Input((1, 8), "float32"), "gain": Input((1,), "float32")}, "out", ("small 1",), Small)

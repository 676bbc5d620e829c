"""The smallest GAN training there is: pictures of 32 pixels, two networks of a hundred thousand numbers."""

import torch

from installation.training.data.pictures import scaled
from installation.training.device import Device
from installation.training.export import Words
from installation.training.gan.trainer import GanTrainer, Recipe

CPU = Device("cpu", half=False)
WORDS = Words("tiny", "Tiny", "CC0-1.0", "nobody", "drawn by the tests")


def pictures(count: int = 8, side: int = 32) -> torch.Tensor:
    """Warm above, cold below, each a little different: (count, 3, side, side) in -1..1."""
    made = torch.Generator().manual_seed(4)
    down = torch.linspace(1, -1, side).reshape(1, 1, side, 1)
    colours = torch.tensor((0.7, 0.1, -0.7)).reshape(1, 3, 1, 1)
    return (colours * down + 0.1 * torch.randn(count, 3, 1, 1, generator=made)).expand(-1, -1, -1, side).clamp(-1, 1)


def trainer(**recipe) -> GanTrainer:
    given = pictures(side=recipe.pop("resolution", 32))

    def draw(count: int, side: int) -> torch.Tensor:
        return scaled(given[torch.randint(0, len(given), (count,))], side)

    return GanTrainer(draw, Recipe(given.shape[2], **{"batch": 4, "capacity": 256} | recipe), CPU, WORDS)

"""What the two networks of a GAN are taught by.

The relativistic loss with zero-centred gradient penalties on real and painted pictures: Huang et al. 2024 (2501.05441),
after Jolicoeur-Martineau 2018 (1807.00734) and Mescheder et al. 2018 (1801.04406). The penalties are what keeps it
from running away, and their weight decides. Path length: Karras et al. 2020 (1912.04958).
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


def told_apart(real: Tensor, painted: Tensor) -> Tensor:
    """The discriminator's: each real picture should look more real than its painted partner."""
    return F.softplus(painted - real).mean()


def believed(real: Tensor, painted: Tensor) -> Tensor:
    """The generator's: the other way round."""
    return F.softplus(real - painted).mean()


def steepness(verdict: Tensor, image: Tensor) -> Tensor:
    """The mean squared gradient of the verdict by the picture."""
    (gradient,) = torch.autograd.grad(verdict.sum(), image, create_graph=True)
    return gradient.float().square().sum((1, 2, 3)).mean()


def path_length(image: Tensor, ws: Tensor, usual: Tensor, decay: float = 0.01) -> tuple[Tensor, Tensor]:
    """The loss, and the usual length after it: a step in w should move the picture by as much wherever it is made."""
    noise = torch.randn_like(image) / (image.shape[2] * image.shape[3]) ** 0.5
    (gradient,) = torch.autograd.grad((image * noise).sum(), ws, create_graph=True)
    lengths = gradient.square().sum(2).mean(1).sqrt()
    now = usual.lerp(lengths.detach().mean(), decay)
    return (lengths - now).square().mean(), now

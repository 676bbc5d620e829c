"""What the painter and its two judges are taught by. Pictures are (N, 3, H, W) in -1..1.

Hinge: Lim, Ye 2017 (1705.02894). Feature matching: Wang et al. 2018 (1711.11585). R1: Mescheder et al. 2018
(1801.04406). Gram matrices and features of VGG16: Johnson et al. 2016 (1603.08155).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

COARSE = 8
GRAMS = ("conv2_1", "conv3_1", "conv4_1")  # conv1 would ask for grain
CONTENT = "conv3_1"


def told_apart(real: Tensor, painted: Tensor) -> Tensor:
    """The judge's: 2 when it cannot, 0 when it always can."""
    return F.relu(1 - real).mean() + F.relu(1 + painted).mean()


def matched(real: Sequence[Tensor], painted: Sequence[Tensor]) -> Tensor:
    """What a judge sees on its way should be the same."""
    apart = [F.l1_loss(mine.float(), theirs.float()) for mine, theirs in zip(painted, real, strict=True)]
    return torch.stack(apart).mean()


def coarse(painted: Tensor, real: Tensor) -> Tensor:
    """Which colour is where, roughly; how it is there in detail is for the judges."""
    return F.l1_loss(F.avg_pool2d(painted, COARSE), F.avg_pool2d(real, COARSE))


def steepness(verdicts: Tensor, picture: Tensor) -> Tensor:
    """The mean squared gradient of a place's verdict by the picture, however many places there are."""
    places = verdicts[0].numel()
    (gradient,) = torch.autograd.grad(verdicts.sum() / places**0.5, picture, create_graph=True)
    return gradient.float().square().sum((1, 2, 3)).mean()


def panned(picture: Tensor, right: int, down: int) -> Tensor:
    """Moved by whole pixels; what comes in is the border again."""
    reach = max(abs(right), abs(down))
    padded = F.pad(picture, (reach, reach, reach, reach), mode="replicate")
    height, width = picture.shape[2:]
    return padded[:, :, reach - down : reach - down + height, reach - right : reach - right + width]


def unsteady(still: Tensor, moved: Tensor, right: int, down: int, edge: int) -> Tensor:
    """How different the same place is painted after a pan, away from the borders."""
    back = torch.roll(moved, (-down, -right), (2, 3))
    return F.l1_loss(back[:, :, edge:-edge, edge:-edge], still[:, :, edge:-edge, edge:-edge])


def unlike(eye: nn.Module, painted: Tensor, real: Tensor) -> Tensor:
    """For VGG16: textures by their Gram matrices, and what is where by the features of one layer."""
    with torch.no_grad():
        wanted = eye(real * 0.5 + 0.5, GRAMS[-1])
    found = eye(painted * 0.5 + 0.5, GRAMS[-1])
    total = torch.zeros((), device=painted.device)
    for name in GRAMS:
        target = wanted[name].float()
        scale = target.square().mean().sqrt()
        mine, theirs = (_gram(features / scale) for features in (found[name].float(), target))
        total = total + (mine - theirs).square().sum() / theirs.square().sum()
        if name == CONTENT:
            total = total + F.l1_loss(found[name].float() / scale, target / scale)
    return total


def _gram(features: Tensor) -> Tensor:
    flat = features.flatten(2)
    with torch.autocast(flat.device.type, enabled=False):  # three digits are too few for a difference of sums
        return flat @ flat.transpose(1, 2) / flat.shape[2]

"""Several processes that train one model, a GPU each, as torchrun starts them:

    torchrun --nproc-per-node 4 -m installation train gan leaves/

Data parallel (Li et al. 2020, 2006.15704): each process, a rank, draws pictures of its own, and before any optimiser
steps its gradients become the mean of all ranks'. Since all began with the same weights they keep the same weights, and
trainers need to know nothing of it. What is no gradient (a pool, a running mean) is each rank's own; the first rank's
is kept. The first looks, shows, keeps and tells.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch import distributed as dist
from torch.optim.optimizer import register_optimizer_step_pre_hook

BACKENDS = "cpu:gloo,cuda:nccl"  # what is agreed on travels beside the GPUs, and nothing waits for them


@dataclass(frozen=True, slots=True)
class Ranks:
    rank: int = 0
    count: int = 1

    @property
    def first(self) -> bool:
        return self.rank == 0

    def agreed(self, share: float, stop: bool = False, keep: bool = False) -> tuple[float, bool, bool]:
        """The first rank's share of the budget, since clocks differ; what is wanted by one is done by all."""
        if self.count == 1:
            return share, stop, keep
        told = torch.tensor([share if self.first else 0.0, stop, keep], dtype=torch.float64)
        dist.all_reduce(told)
        share, stops, keeps = told.tolist()
        return share, stops > 0, keeps > 0

    def gathered(self, value: Tensor) -> list[Tensor]:
        """Each rank's, on the CPU, all of one size."""
        if self.count == 1:
            return [value]
        made = [torch.empty_like(value, device="cpu") for _ in range(self.count)]
        dist.all_gather(made, value.cpu())
        return made


ALONE = Ranks()


def first() -> bool:
    """Whether this process speaks for the training."""
    return int(os.environ.get("RANK", "0")) == 0


def place() -> int:
    """The number of this process on its machine, and so of its GPU."""
    return int(os.environ.get("LOCAL_RANK", "0"))


@contextmanager
def joined() -> Iterator[Ranks]:
    """What torchrun has started, while it trains together; ALONE otherwise."""
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        yield ALONE
        return
    dist.init_process_group(BACKENDS if torch.cuda.is_available() else "gloo")
    hook = register_optimizer_step_pre_hook(_average)
    try:
        yield Ranks(dist.get_rank(), dist.get_world_size())
    finally:
        hook.remove()
        dist.destroy_process_group()


def _average(optimiser: torch.optim.Optimizer, *_: Any) -> None:
    """In one message: a network has a hundred small tensors, and each message costs a trip."""
    gradients = [p.grad for group in optimiser.param_groups for p in group["params"] if p.grad is not None]
    flat = torch.cat([gradient.reshape(-1) for gradient in gradients])
    dist.all_reduce(flat)
    flat /= dist.get_world_size()
    parts = flat.split([gradient.numel() for gradient in gradients])
    torch._foreach_copy_(gradients, [part.view(g.shape) for part, g in zip(parts, gradients, strict=True)])

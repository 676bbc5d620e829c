"""Small networks with random weights, as models in a home of their own: what a converted checkpoint would be."""

from __future__ import annotations

import hashlib
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
import yaml
from safetensors.torch import save_file
from torch import Tensor

W, SIDE, WIDE = 16, 32, 8


def stylegan2(home: Path, name: str, seed: int = 0, classes: tuple[str, ...] = ()) -> str:
    """32 x 32, 16 numbers, 8 layers of w, 7 of noise. Its w_avg is the mean of its own w."""
    from installation.networks.stylegan2 import StyleGAN2

    network = {"z_dim": W, "c_dim": len(classes), "w_dim": W, "mapping_layers": 2, "resolution": SIDE, "channels": 3}
    state = _stylegan2_state(torch.Generator().manual_seed(seed), len(classes))
    net = StyleGAN2.from_state(state, **network)
    z = torch.randn(4000, W, generator=torch.Generator().manual_seed(1))
    labels = [torch.eye(len(classes))[torch.arange(4000) % len(classes)]] if classes else []
    state["mapping.w_avg"] = net.mapping(z, *labels).mean(0)
    card: dict[str, Any] = {"family": "stylegan2", "latent": W, "network": network, "layers": list(net.layers)}
    return write(home, name, state, card, classes)


def _stylegan2_state(random: torch.Generator, classes: int) -> dict[str, Tensor]:
    def normal(*shape: int) -> Tensor:
        return torch.randn(shape, generator=random)

    state = {"mapping.w_avg": torch.zeros(W), "synthesis.b4.const": normal(WIDE, 4, 4)}
    if classes:
        state |= {"mapping.embed.weight": normal(W, classes), "mapping.embed.bias": normal(W)}
    for layer, wide in enumerate((2 * W if classes else W, W)):
        state[f"mapping.fc{layer}.weight"] = normal(W, wide) * 100  # trained with a hundredth of the rate
        state[f"mapping.fc{layer}.bias"] = normal(W) * 10
    for side in (4, 8, 16, 32):
        for part in ("conv0", "conv1", "torgb"):
            prefix = f"synthesis.b{side}.{part}"
            kernel, out = (1, 3) if part == "torgb" else (3, WIDE)
            if (side, part) == (4, "conv0"):
                continue
            state |= {
                f"{prefix}.weight": normal(out, WIDE, kernel, kernel) * (0.3 if part == "torgb" else 1),
                f"{prefix}.bias": normal(out) * 0.1,
                f"{prefix}.affine.weight": normal(WIDE, W),
                f"{prefix}.affine.bias": torch.ones(WIDE),
            }
            if part != "torgb":
                state |= {f"{prefix}.noise_strength": normal() * 0.1, f"{prefix}.noise_const": normal(side, side)}
    return state


def dcgan(home: Path, name: str, seed: int = 0) -> str:
    """32 x 32 from 16 numbers, without classes: a model that paints from z."""
    random = torch.Generator().manual_seed(seed)
    widths = (W, 4 * WIDE, 2 * WIDE, WIDE, 3)
    state: dict[str, Tensor] = {}
    for layer, (wide, out) in enumerate(pairwise(widths)):
        state[f"main.{3 * layer}.weight"] = torch.randn((wide, out, 4, 4), generator=random) * (2 / wide) ** 0.5 / 2
        if out > 3:
            ones = {"weight": 1.0, "bias": 0.0, "running_mean": 0.0, "running_var": 1.0}
            state |= {f"main.{3 * layer + 1}.{key}": torch.full((out,), value) for key, value in ones.items()}
    return write(home, name, state, {"family": "dcgan", "latent": W, "layers": ["b4", "b8"]})


def write(home: Path, name: str, state: dict[str, Tensor], card: dict[str, Any], classes: tuple[str, ...] = ()) -> str:
    """``models/NAME`` in a home; ``card`` is what is special in it."""
    folder = home / "models" / name
    folder.mkdir(parents=True)
    save_file({key: tensor.contiguous() for key, tensor in state.items()}, folder / "weights.safetensors")
    sha256 = hashlib.sha256((folder / "weights.safetensors").read_bytes()).hexdigest()
    words = dict.fromkeys(("title", "licence", "author", "source"), "made for a test")
    more: dict[str, Any] = {"weights": [{"file": "weights.safetensors", "sha256": sha256}]}
    if classes:
        more["classes"] = {"name": "kind", "default": classes[0], "names": list(classes)}
    whole = {**words, "resolution": f"{SIDE}x{SIDE}", **card, **more}
    (folder / "model.yaml").write_text(yaml.safe_dump(whole, sort_keys=False), encoding="utf-8")
    return name

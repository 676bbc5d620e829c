"""StyleGAN2 as its papers write it, one sample after another and as slow as that is: what ours is compared with.

Weights are modulated and demodulated themselves, filters run over zeros that are really inserted. ``state`` has the
official names. ``random_state`` makes one.
"""

import torch
from torch.nn import functional as F

FIR = torch.outer(torch.tensor([1.0, 3, 3, 1]), torch.tensor([1.0, 3, 3, 1])) / 64


def widths(resolution: int) -> dict[int, int]:
    """Channels a side: none like another, so that a swapped one shows."""
    return {4 * 2**n: 12 - 2 * n for n in range(resolution.bit_length() - 2)}


def random_state(resolution=32, architecture="skip", channels=3, c_dim=0, layers=2, w_dim=20, z_dim=16, seed=1):
    made = torch.Generator().manual_seed(seed)

    def normal(*shape: int, about: float = 0.0, by: float = 1.0) -> torch.Tensor:
        return about + by * torch.randn(shape, generator=made)

    state = {"mapping.w_avg": normal(w_dim, by=0.1)}
    for i in range(layers):
        wide = z_dim + (w_dim if c_dim else 0) if i == 0 else w_dim
        state |= {f"mapping.fc{i}.weight": normal(w_dim, wide, by=100), f"mapping.fc{i}.bias": normal(w_dim, by=20)}
    if c_dim:
        state |= {"mapping.embed.weight": normal(w_dim, c_dim), "mapping.embed.bias": normal(w_dim)}

    def add(prefix: str, wide: int, out: int, side: int, kernel: int = 3) -> None:
        state[f"{prefix}.weight"] = normal(out, wide, kernel, kernel)
        state[f"{prefix}.bias"] = normal(out, by=0.3)
        state[f"{prefix}.affine.weight"] = normal(wide, w_dim)
        state[f"{prefix}.affine.bias"] = normal(wide, about=1.0, by=0.2)
        if kernel == 3:
            state[f"{prefix}.noise_const"] = normal(side, side)
            state[f"{prefix}.noise_strength"] = normal(by=0.3)

    before = 0
    for side, out in widths(resolution).items():
        block = f"synthesis.b{side}"
        if before:
            add(f"{block}.conv0", before, out, side)
        else:
            state[f"{block}.const"] = normal(out, 4, 4)
        add(f"{block}.conv1", out, out, side)
        if before and architecture == "resnet":
            state[f"{block}.skip.weight"] = normal(out, before, 1, 1)
        if architecture == "skip" or side == resolution:
            add(f"{block}.torgb", out, channels, side, kernel=1)
        before = out
    return state


def with_zeros(x: torch.Tensor) -> torch.Tensor:
    """(C, S, S) -> (C, 2S, 2S): a zero behind every pixel, right and below."""
    wide = torch.zeros(x.shape[0], 2 * x.shape[1], 2 * x.shape[2])
    wide[:, ::2, ::2] = x
    return wide


def filtered(x: torch.Tensor, before: int, after: int) -> torch.Tensor:
    padded = F.pad(x, (before, after, before, after))
    return torch.stack([F.conv2d(channel[None, None], 4 * FIR[None, None])[0, 0] for channel in padded])


def affine(state, prefix, w):
    return state[f"{prefix}.affine.weight"] @ w / len(w) ** 0.5 + state[f"{prefix}.affine.bias"]


def layer(state, prefix, x, w, noise, up, gain, clamp):
    weight = state[f"{prefix}.weight"] * affine(state, prefix, w)[None, :, None, None]
    weight = weight / (weight.square().sum((1, 2, 3), keepdim=True) + 1e-8).sqrt()
    if up:  # a transposed convolution: over zeros, with the kernel turned round
        x = F.conv2d(F.pad(with_zeros(x)[:, :-1, :-1], (2, 2, 2, 2))[None], weight.flip(2, 3))[0]
        x = filtered(x, 1, 1)
    else:
        x = F.conv2d(x[None], weight, padding=1)[0]
    x = x + state[f"{prefix}.noise_const"] * state[f"{prefix}.noise_strength"] * noise
    x = x + state[f"{prefix}.bias"][:, None, None]
    x = torch.where(x < 0, 0.2 * x, x) * gain
    return clamped(x, clamp and clamp * gain / 2**0.5)


def clamped(x, limit):
    return x if limit is None else torch.maximum(torch.minimum(x, torch.tensor(limit)), torch.tensor(-limit))


def synthesis(state, ws, noise, clamp=None, skip_clamp=None):
    """ws (N, num_ws, w_dim), noise (num_noise) -> (N, channels, R, R)."""
    return torch.stack([one(state, each, noise, clamp, skip_clamp) for each in ws])


def one(state, ws, noise, clamp, skip_clamp):
    x, image, at, side = state["synthesis.b4.const"], None, 0, 4
    while f"synthesis.b{side}.conv1.weight" in state:
        block, given = f"synthesis.b{side}", x
        resnet = f"{block}.skip.weight" in state
        if side > 4:
            x = layer(state, f"{block}.conv0", x, ws[at], noise[at], True, 2**0.5, clamp)
            at += 1
        x = layer(state, f"{block}.conv1", x, ws[at], noise[at], False, 1.0 if resnet else 2**0.5, clamp)
        at += 1
        if resnet:
            weight = state[f"{block}.skip.weight"][:, :, 0, 0]
            around = torch.einsum("oi,ihw->ohw", weight / weight.shape[1] ** 0.5, given)
            around = filtered(with_zeros(around), 2, 1) * 0.5**0.5
            x = x + clamped(around, skip_clamp and skip_clamp * 0.5**0.5)
        if image is not None:
            image = filtered(with_zeros(image), 2, 1)
        if f"{block}.torgb.weight" in state:
            painted = torgb(state, f"{block}.torgb", x, ws[at], clamp)
            image = painted if image is None else image + painted
        side *= 2
    return image


def torgb(state, prefix, x, w, clamp):
    weight = state[f"{prefix}.weight"][:, :, 0, 0]
    weight = weight * (affine(state, prefix, w) / weight.shape[1] ** 0.5)
    return clamped(torch.einsum("oi,ihw->ohw", weight, x) + state[f"{prefix}.bias"][:, None, None], clamp)


def mapping(state, z, c=None):
    def unit(x):
        return x / (x.square().mean(1, keepdim=True) + 1e-8).sqrt()

    x = unit(z)
    if c is not None:
        weight = state["mapping.embed.weight"]
        x = torch.cat([x, unit(c @ weight.T / weight.shape[1] ** 0.5 + state["mapping.embed.bias"])], 1)
    i = 0
    while f"mapping.fc{i}.weight" in state:
        weight = state[f"mapping.fc{i}.weight"] * 0.01
        x = x @ weight.T / weight.shape[1] ** 0.5 + 0.01 * state[f"mapping.fc{i}.bias"]
        x = torch.where(x < 0, 0.2 * x, x) * 2**0.5
        i += 1
    return x

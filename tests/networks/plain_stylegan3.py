"""StyleGAN3 as its paper draws it, slow and in float64: what our rewritten one is compared with.

A layer scales the weights of a kernel a sample, inserts real zeros, convolves with the whole filters and throws away
what is not kept. Also draws random checkpoints of it.
"""

from dataclasses import dataclass
from math import ceil, log2, pi

import torch
from torch.nn import functional as F


@dataclass(frozen=True)
class Numbers:
    z_dim: int = 24
    c_dim: int = 0
    w_dim: int = 32
    mapping_layers: int = 2
    resolution: int = 32
    channels: int = 3
    num_layers: int = 6
    num_critical: int = 2
    margin_size: int = 4
    conv_kernel: int = 3
    filter_size: int = 6
    lrelu_upsampling: int = 2
    use_radial_filters: bool = False
    conv_clamp: float | None = 256
    output_scale: float = 0.25


def stages(n: Numbers, base: float, most: int) -> list[tuple[int, int, int]]:
    """(side, rate, channels) of every layer and the last 1x1."""
    made = []
    for i in range(n.num_layers + 1):
        e = min(i / (n.num_layers - n.num_critical), 1)
        cutoff = 2 * (n.resolution / 2 / 2) ** e
        stopband = 2**2.1 * (n.resolution / 2 * 2**0.3 / 2**2.1) ** e
        rate = 2 ** ceil(log2(min(2 * stopband, n.resolution)))
        size = n.resolution if i >= n.num_layers - 1 else rate + 2 * n.margin_size
        wide = n.channels if i == n.num_layers else round(min(base / 2 / cutoff, most))
        made.append((size, rate, wide))
    return made


def checkpoint(n: Numbers, base: float = 640, most: int = 21, seed: int = 1) -> dict[str, torch.Tensor]:
    made = torch.Generator().manual_seed(seed)

    def normal(*shape):
        return torch.randn(shape, generator=made)

    def filter_of(taps, factor, radial=False):
        """A low pass, with enough disorder that a flipped one gives another picture."""
        t = torch.arange(taps) - (taps - 1) / 2
        low = torch.hamming_window(taps, periodic=False) * torch.sinc(t / factor) + 0.05 * normal(taps)
        both = torch.outer(low, low) + 0.05 * normal(taps, taps)
        return both / both.sum() if radial else low / low.sum()

    state = {"mapping.w_avg": 0.3 * normal(n.w_dim)}
    if n.c_dim:
        state |= {"mapping.embed.weight": normal(n.w_dim, n.c_dim), "mapping.embed.bias": normal(n.w_dim)}
    wide = n.z_dim + (n.w_dim if n.c_dim else 0)
    for i in range(n.mapping_layers):
        state[f"mapping.fc{i}.weight"] = 100 * normal(n.w_dim, wide)
        state[f"mapping.fc{i}.bias"] = 10 * normal(n.w_dim)
        wide = n.w_dim
    plan = stages(n, base, most)
    _, rate, wide = plan[0]
    state |= {
        "synthesis.input.weight": normal(wide, wide),
        "synthesis.input.freqs": 2 * normal(wide, 2),
        "synthesis.input.phases": torch.rand(wide, generator=made) - 0.5,
        "synthesis.input.transform": torch.eye(3),
        "synthesis.input.affine.weight": 0.3 * normal(4, n.w_dim),
        "synthesis.input.affine.bias": torch.tensor([1.0, 0.2, 0.1, -0.1]),
    }
    for i, (size, new_rate, out) in enumerate(plan):
        p, last = f"synthesis.L{i}_{size}_{out}", i == n.num_layers
        k = 1 if last else n.conv_kernel
        state |= {
            f"{p}.weight": normal(out, wide, k, k),
            f"{p}.bias": 0.3 * normal(out),
            f"{p}.magnitude_ema": 0.5 + torch.rand((), generator=made),
            f"{p}.affine.weight": normal(wide, n.w_dim),
            f"{p}.affine.bias": torch.ones(wide),
        }
        inside = n.lrelu_upsampling * max(rate, new_rate)
        up, down = inside // rate, inside // new_rate
        if not last and up > 1:
            state[f"{p}.up_filter"] = filter_of(n.filter_size * up, up)
        if not last and down > 1:
            radial = n.use_radial_filters and i < n.num_layers - n.num_critical
            state[f"{p}.down_filter"] = filter_of(n.filter_size * down, down, radial)
        rate, wide = new_rate, out
    return state


def mapped(n: Numbers, state: dict, z: torch.Tensor, c: torch.Tensor | None = None) -> torch.Tensor:
    s = {name: tensor.double() for name, tensor in state.items()}
    x = z.double() / (z.double().square().mean(1, keepdim=True) + 1e-8).sqrt()
    if c is not None:
        y = c.double() @ (s["mapping.embed.weight"] / n.c_dim**0.5).T + s["mapping.embed.bias"]
        x = torch.cat([x, y / (y.square().mean(1, keepdim=True) + 1e-8).sqrt()], 1)
    for i in range(n.mapping_layers):
        x = x @ (s[f"mapping.fc{i}.weight"] * 0.01 / x.shape[1] ** 0.5).T + s[f"mapping.fc{i}.bias"] * 0.01
        x = F.leaky_relu(x, 0.2) * 2**0.5
    return x


def painted(n: Numbers, state: dict, ws: torch.Tensor, transform: torch.Tensor) -> torch.Tensor:
    """One picture after the other: ws (N, num_layers + 2, w_dim)."""
    s = {name: tensor.double() for name, tensor in state.items()}
    plan = _stages_by_name(n, s)
    pictures = []
    for w in ws.double():
        size, rate, _ = plan[0]
        x = _waves(s, w[0], transform.double(), size, rate)
        for i, (new_size, new_rate, out) in enumerate(plan):
            x = _layer(n, s, f"synthesis.L{i}_{new_size}_{out}", x, w[i + 1], (rate, new_rate), new_size, i)
            size, rate = new_size, new_rate
        pictures.append(x * n.output_scale)
    return torch.cat(pictures)


def _stages_by_name(n, s):
    sizes = {}
    for name in s:
        if name.startswith("synthesis.L") and name.endswith(".weight") and "affine" not in name:
            i, size, out = name.split(".")[1][1:].split("_")
            sizes[int(i)] = (int(size), int(out))
    return [(sizes[i][0], rate, sizes[i][1]) for i, (_, rate, _) in enumerate(stages(n, 1, 1))]


def _waves(s, w, transform, size, rate):
    p = "synthesis.input"
    t = s[f"{p}.affine.weight"] @ w / len(w) ** 0.5 + s[f"{p}.affine.bias"]
    t = t / t[:2].norm()
    turn = torch.tensor([[t[0], -t[1], 0], [t[1], t[0], 0], [0, 0, 1]], dtype=torch.float64)
    shift = torch.tensor([[1, 0, -t[2]], [0, 1, -t[3]], [0, 0, 1]], dtype=torch.float64)
    move = turn @ shift @ transform
    picture = torch.zeros(len(s[f"{p}.phases"]), size, size, dtype=torch.float64)
    along = ((torch.arange(size, dtype=torch.float64) + 0.5) / size * 2 - 1) * size / (2 * rate)
    for i, (freq, phase) in enumerate(zip(s[f"{p}.freqs"], s[f"{p}.phases"], strict=True)):
        phase = phase + freq @ move[:2, 2]
        freq = freq @ move[:2, :2]
        loud = (1 - (freq.norm() - 2) / (rate / 2 - 2)).clamp(0, 1)
        picture[i] = loud * torch.sin(2 * pi * (along[None] * freq[0] + along[:, None] * freq[1] + phase))
    weight = s[f"{p}.weight"] / len(picture) ** 0.5
    return torch.einsum("oi,ihw->ohw", weight, picture)[None]


def _layer(n, s, p, x, w, rates, out_size, i):
    weight, last = s[f"{p}.weight"], i == n.num_layers
    style = s[f"{p}.affine.weight"] @ w / len(w) ** 0.5 + s[f"{p}.affine.bias"]
    if last:
        kernel = weight * (style / weight.shape[1] ** 0.5)[:, None, None]
    else:
        kernel = weight / weight.square().mean((1, 2, 3), keepdim=True).sqrt()
        kernel = kernel * (style / style.square().mean().sqrt())[:, None, None]
        kernel = kernel / (kernel.square().sum((1, 2, 3), keepdim=True) + 1e-8).sqrt()
    k = weight.shape[2]
    size = x.shape[2]
    x = F.conv2d(x, kernel / s[f"{p}.magnitude_ema"].sqrt(), padding=k - 1) + s[f"{p}.bias"][:, None, None]
    inside = rates[1] if last else n.lrelu_upsampling * max(rates)
    up, down = inside // rates[0], inside // rates[1]
    one = torch.ones(1, dtype=torch.float64)
    f, g = s.get(f"{p}.up_filter", one), s.get(f"{p}.down_filter", one)
    total = (out_size - 1) * down + 1 - (size + k - 1) * up + len(f) + len(g) - 2
    lo = (total + up) // 2
    zeros = x.new_zeros(*x.shape[:2], x.shape[2] * up, x.shape[3] * up)
    zeros[:, :, ::up, ::up] = x
    x = _filtered(F.pad(zeros, (lo, total - lo, lo, total - lo)), f * up)
    if not last:
        x = F.leaky_relu(x, 0.2) * 2**0.5
    if n.conv_clamp is not None:
        x = x.clamp(-n.conv_clamp, n.conv_clamp)
    return _filtered(x, g)[:, :, ::down, ::down]


def _filtered(x, f):
    """A true convolution, without padding, of every channel."""
    x = x.transpose(0, 1)
    for kernel in [f] if f.ndim == 2 else [f[None], f[:, None]]:
        x = F.conv2d(x, kernel.flip(0, 1)[None, None])
    return x.transpose(0, 1)

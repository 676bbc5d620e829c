"""StyleGAN checkpoints, as NVIDIA's programs write them."""

from __future__ import annotations

from math import ceil, log2

from installation.benchmark.samples.layout import Layout, Shapes


def stylegan2(resolution: int = 256, base: int = 16384, most: int = 512, w: int = 512) -> Layout:
    """NVIDIA's StyleGAN2-ADA, skip architecture, eight mapping layers."""

    def wide(side: int) -> int:
        return min(base // side, most)

    shapes = _mapping(w, 8)
    side, before = 4, 0
    while side <= resolution:
        block, out = f"synthesis.b{side}", wide(side)
        shapes[f"{block}.resample_filter"] = (4, 4)
        if side == 4:
            shapes[f"{block}.const"] = (out, 4, 4)
        else:
            shapes |= _styled(f"{block}.conv0", before, out, w, 3, side)
        shapes |= _styled(f"{block}.conv1", out, out, w, 3, side)
        shapes |= _styled(f"{block}.torgb", out, 3, w, 1)
        side, before = side * 2, out
    made = {"img_resolution": resolution, "img_channels": 3, "z_dim": w, "c_dim": 0, "w_dim": w}
    return shapes, {"network": {"class_name": "Generator", "init_args": [], "init_kwargs": made}}


def _mapping(w: int, layers: int) -> Shapes:
    shapes: Shapes = {"mapping.w_avg": (w,)}
    for layer in range(layers):
        shapes |= {f"mapping.fc{layer}.weight": (w, w), f"mapping.fc{layer}.bias": (w,)}
    return shapes


def _styled(name: str, into: int, out: int, w: int, kernel: int, noise: int = 0) -> Shapes:
    shapes: Shapes = {
        f"{name}.weight": (out, into, kernel, kernel),
        f"{name}.bias": (out,),
        f"{name}.affine.weight": (into, w),
        f"{name}.affine.bias": (into,),
    }
    if noise:
        shapes |= {f"{name}.noise_strength": (), f"{name}.noise_const": (noise, noise)}
        shapes[f"{name}.resample_filter"] = (4, 4)
    return shapes


def stylegan3(resolution: int = 256, base: int = 16384, most: int = 512, w: int = 512, radial: bool = False) -> Layout:
    """NVIDIA's StyleGAN3-T, or -R where ``radial``: fourteen layers whose band limits grow evenly (Karras 2021)."""
    count, critical, margin, taps, kernel = 14, 2, 10, 6, 1 if radial else 3
    shapes = _mapping(w, 2)
    plan = []  # (side, rate, channels) of every layer and the last 1x1
    for layer in range(count + 1):
        e = min(layer / (count - critical), 1)
        cutoff, stopband = 2 * (resolution / 4) ** e, 2**2.1 * (resolution / 2 * 2**0.3 / 2**2.1) ** e
        rate = 2 ** ceil(log2(min(2 * stopband, resolution)))
        wide = 3 if layer == count else round(min((2 if radial else 1) * base / 2 / cutoff, most))
        plan.append((resolution if layer >= count - 1 else rate + 2 * margin, rate, wide))
    _, rate, into = plan[0]
    shapes |= {
        "synthesis.input.weight": (into, into),
        "synthesis.input.freqs": (into, 2),
        "synthesis.input.phases": (into,),
        "synthesis.input.transform": (3, 3),
        "synthesis.input.affine.weight": (4, w),
        "synthesis.input.affine.bias": (4,),
    }
    for layer, (side, new_rate, out) in enumerate(plan):
        name, last = f"synthesis.L{layer}_{side}_{out}", layer == count
        shapes |= _styled(name, into, out, w, 1 if last else kernel) | {f"{name}.magnitude_ema": ()}
        up, down = (2 * max(rate, new_rate) // before for before in (rate, new_rate))
        if not last and up > 1:
            shapes[f"{name}.up_filter"] = (taps * up,)
        if not last and down > 1:
            square = radial and layer < count - critical
            shapes[f"{name}.down_filter"] = (taps * down,) * (2 if square else 1)
        rate, into = new_rate, out
    made = {"img_resolution": resolution, "img_channels": 3, "z_dim": w, "c_dim": 0, "w_dim": w}
    made |= {"channel_base": base, "channel_max": most, "conv_kernel": kernel, "use_radial_filters": radial}
    return shapes, {"network": {"class_name": "Generator", "init_args": [], "init_kwargs": made}}

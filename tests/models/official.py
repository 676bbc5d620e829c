"""The fixtures: tiny networks with random weights in the official formats, and what the official code made of them.

``CASES``: checkpoint file, reference ``.npz``, and rows of what goes in and which reference array must come out. A word
that starts with ``=`` is a value; every other one names an array of the reference.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

FIXTURES = Path(__file__).parents[1] / "fixtures"


@dataclass(frozen=True)
class Official:
    """``rows``: name of the reference image -> inputs of the door. ``ws``: reference image -> reference latents."""

    file: str
    reference: str
    rows: dict[str, dict[str, Any]]
    ws: dict[str, str]

    @property
    def path(self) -> Path:
        return FIXTURES / self.file

    def arrays(self) -> dict[str, np.ndarray]:
        with np.load(FIXTURES / self.reference, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}

    def given(self, row: str) -> dict[str, np.ndarray]:
        arrays = self.arrays()
        return {
            name: arrays[value] if isinstance(value, str) and value in arrays else np.array(value)
            for name, value in self.rows[row].items()
        }


def _style(folder: str, name: str, more: dict[str, dict[str, Any]], conditional: bool = False) -> Official:
    z: dict[str, Any] = {"z": "z", **({"c": "c"} if conditional else {})}
    rows = {
        "img_psi1_const": z,
        "img_psi07_const": {**z, "psi": 0.7},
        "img_psi05cut4_const": {**z, "psi": 0.5, "cutoff": 4},
        **{key: {**(z if "w" not in row else {}), **row} for key, row in more.items()},
    }
    ws = {"img_psi1_const": "ws_psi1", "img_psi07_const": "ws_psi07", "img_psi05cut4_const": "ws_psi05cut4"}
    return Official(f"{folder}/{name}.pkl", f"{folder}/{name}.npz", rows, ws)


_NOISE = {"img_psi1_none": {"noise": "none"}, "img_mix_const": {"w": "ws_mix"}}
_MOVED = {
    "img_psi07_tr": {"psi": 0.7, "transform": "transform_tr"},
    "img_psi07_big": {"psi": 0.7, "transform": "transform_big"},
}
_TRUNCATIONS = ("1.0", "0.5", "0.4", "0.7", "0.43", "0.0131", "0.14", "0.28", "0.413", "0.333")

CASES = {
    "stylegan2": _style("stylegan2", "uncond64_map8", _NOISE),
    "stylegan2-conditional": _style("stylegan2", "cond64_map2", _NOISE, conditional=True),
    "stylegan3-t": _style("stylegan3", "t64", _MOVED),
    "stylegan3-r": _style("stylegan3", "r64", _MOVED),
    "rosinality": Official(
        "rosinality/conv64.pt",
        "rosinality/conv64.npz",
        {
            "img_psi1_const": {"z": "z"},
            "img_psi07_const": {"z": "z", "psi": 0.7},
            "img_psi1_zeronoise": {"z": "z", "noise": 0.0},
        },
        {},
    ),
    "biggan": Official(
        "biggan/tiny64/pytorch_model.bin",
        "biggan/tiny64/ref.npz",
        {
            **{f"img_t{t}": {"z": "z", "label": "label", "truncation": float(t)} for t in _TRUNCATIONS},
            "img_mix_t0.43": {"z": "z", "label": "label_mix", "truncation": 0.43},
        },
        {},
    ),
    "cyclegan": Official(
        "junyanz/cyclegan_resnet6/latest_net_G_A.pth",
        "junyanz/cyclegan_resnet6/ref.npz",
        {"y_eval": {"image": "x"}, "y_trainbn_nodropout": {"image": "x", "look": "batch"}},
        {},
    ),
    "pix2pix": Official(
        "junyanz/pix2pix_unet128_bn/latest_net_G.pth",
        "junyanz/pix2pix_unet128_bn/ref.npz",
        {"y_eval": {"image": "x"}, "y_trainbn_nodropout": {"image": "x", "look": "batch"}},
        {},
    ),
    "pix2pixhd": Official(
        "pix2pixhd/global_rgb_oldIN/latest_net_G.pth",
        "pix2pixhd/global_rgb_oldIN/ref.npz",
        {"y_eval": {"image": "x"}, "y_train": {"image": "x", "look": "batch"}},
        {},
    ),
}

"""Fixture files of the official formats, and a folder in which a payload would leave its mark."""

from pathlib import Path

import numpy.ma  # noqa: F401  loaded before anybody listens for imports
import onnx  # noqa: F401
import pytest

FIXTURES = Path(__file__).parents[2] / "fixtures"
FILES = {
    "biggan": FIXTURES / "biggan/tiny64/pytorch_model.bin",
    "cyclegan": FIXTURES / "junyanz/cyclegan_resnet6/latest_net_G_A.pth",
    "pix2pix": FIXTURES / "junyanz/pix2pix_unet128_bn/latest_net_G.pth",
    "pix2pixhd": FIXTURES / "pix2pixhd/global_rgb_oldIN/latest_net_G.pth",
    "rosinality": FIXTURES / "rosinality/conv64.pt",
    "stylegan2": FIXTURES / "stylegan2/uncond64_map8.pkl",
    "stylegan2_cond": FIXTURES / "stylegan2/cond64_map2.pkl",
    "stylegan3_r": FIXTURES / "stylegan3/r64.pkl",
    "stylegan3_t": FIXTURES / "stylegan3/t64.pkl",
}


@pytest.fixture
def bare(tmp_path, monkeypatch) -> Path:
    """An empty working folder: where a payload's file would appear."""
    folder = tmp_path / "bare"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder

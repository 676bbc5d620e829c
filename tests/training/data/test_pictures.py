"""Folders as something a trainer draws from, alone and in pairs."""

import numpy as np
import pytest
import torch

from installation.errors import InstallationError
from installation.training.data.pairs import open_pairs, pairs
from installation.training.data.pictures import Squared, open_data, squared


def tone(value: int, height: int = 40, width: int = 40) -> np.ndarray:
    out = np.full((height, width, 3), value, np.uint8)
    out[:, : width // 2, 0] = 255  # blue to the left: tells a mirror image
    out[:4, :4] = value  # not alike to the hash
    return out


def test_every_picture_is_drawn_squared_and_in_range(write, tmp_path):
    for number in range(6):
        write(f"{number}.png", tone(40 * number, 40, 60))
    data = open_data(tmp_path / "pictures", 32)
    assert data.count == 6
    torch.manual_seed(0)
    drawn = data.draw(300)
    assert drawn.shape == (300, 3, 32, 32)
    assert drawn.dtype == torch.float32
    tones = ((drawn[:, 0].mean((1, 2)) + 1) * 127.5).round()
    assert sorted(tones.unique().tolist()) == [0, 40, 80, 120, 160, 200]
    left = drawn[:, 2, 20, 2] > drawn[:, 2, 20, -2]
    assert 0.4 < float(left.float().mean()) < 0.6  # mirrored as often as not
    small = data.draw(3, 8)
    assert small.shape == (3, 3, 8, 8)


def test_no_mirror_images_where_the_folder_says_so(write, tmp_path):
    for number in range(6):
        write(f"{number}.png", tone(30 * number))
    (tmp_path / "pictures" / "data.yaml").write_text("flip: false")
    drawn = open_data(tmp_path / "pictures", 16).draw(50)
    assert (drawn[:, 2, 8, 1] > drawn[:, 2, 8, -2]).all()


def test_the_seed_alone_decides(write, tmp_path):
    for number in range(5):
        write(f"{number}.png")
    data = open_data(tmp_path / "pictures", 32)
    torch.manual_seed(4)
    first = data.draw(7)
    second = data.draw(7)
    torch.manual_seed(4)
    assert torch.equal(data.draw(7), first)
    assert not torch.equal(first, second)


@pytest.mark.parametrize(("fit", "corner", "middle"), [("cover", 90, 90), ("contain", 0, 90), ("stretch", 10, 90)])
def test_what_is_not_square_is_made_so(fit, corner, middle):
    wide = torch.full((3, 30, 90), 10, dtype=torch.uint8)
    wide[:, :, 30:60] = 90
    got = squared(wide, 30, fit)
    assert got.shape == (3, 30, 30)
    assert int(got[0, 0, 0]) == corner
    assert int(got[0, 15, 15]) == middle


def test_scaled_down_it_is_the_mean():
    fine = (torch.arange(256) % 2 * 255).byte().view(1, 1, -1).repeat(3, 256, 1)
    assert (squared(fine, 32).float() - 127.5).abs().max() < 6


def test_crops_are_drawn_where_the_folder_says_so(write, tmp_path):
    write("large.png", size=(300, 400))
    (tmp_path / "pictures" / "data.yaml").write_text("title: One\ncrops: {across: [0.2, 0.4]}")
    data = open_data(tmp_path / "pictures", 32)
    torch.manual_seed(0)
    assert data.about.title == "One"
    assert data.draw(9).shape == (9, 3, 32, 32)
    assert data.draw(2, 64).shape == (2, 3, 64, 64)


def test_too_few_pictures_are_refused(write, tmp_path):
    write("one.png")
    with pytest.raises(InstallationError, match="the fewest are 5"):
        open_data(tmp_path / "pictures", 32)


def test_nothing_is_enlarged_on_the_way():
    with pytest.raises(InstallationError, match="pictures of 8 pixels were asked for with 16"):
        Squared(torch.zeros(5, 3, 8, 8, dtype=torch.uint8), True, "cpu").draw(1, 16)


def ramp(offset: int) -> np.ndarray:
    out = np.zeros((64, 64, 3), np.uint8)
    out[..., 2] = np.arange(64) * 3 + offset
    out[..., 1] = np.arange(64)[:, None] * 3 + offset
    return out


def test_pairs_in_two_folders_stay_together(write, tmp_path):
    for name in "abcdef":
        write(f"A/{name}.png", ramp(0))
        write(f"B/{name}.png", ramp(40))
    both = open_pairs(tmp_path / "pictures", 56)  # held with 62
    assert both.count == 6
    torch.manual_seed(0)
    given, wanted = both.draw(40)
    assert given.shape == wanted.shape == (40, 3, 56, 56)
    shift = ((wanted - given) * 127.5)[:, :2]
    assert (shift - 40).abs().max() < 1.5  # cut and mirrored at the same place
    assert given[:, 1, 0, 0].unique().numel() > 3  # and not always at the same
    assert 0.25 < float((given[:, 0, 0, -1] < given[:, 0, 0, 0]).float().mean()) < 0.75


def test_pairs_side_by_side_and_the_other_way_round(write, tmp_path):
    folder = tmp_path / "pictures"
    for name in "abc":
        write(f"{name}.png", np.hstack([np.full((64, 64, 3), 20, np.uint8), np.full((64, 64, 3), 220, np.uint8)]))
    given, wanted = open_pairs(folder, 32).draw(2)
    assert (given.mean() + 1) * 127.5 == pytest.approx(20, abs=0.5)
    assert (wanted.mean() + 1) * 127.5 == pytest.approx(220, abs=0.5)
    (folder / "data.yaml").write_text("swap: true")
    given, wanted = open_pairs(folder, 32).draw(2, 16)
    assert given.shape == (2, 3, 16, 16)
    assert (given.mean() + 1) * 127.5 == pytest.approx(220, abs=0.5)


def test_a_pair_by_name_whatever_its_ending(write, tmp_path):
    write("A/x.png", ramp(0))
    write("B/x.jpg", ramp(9))
    (pair,) = pairs(tmp_path / "pictures")
    assert (pair.a.name, pair.b.name) == ("x.png", "x.jpg")


def test_a_picture_without_partner_is_named(write, tmp_path):
    write("A/x.png")
    write("B/x.png")
    write("B/y.png")
    with pytest.raises(InstallationError, match="there is no partner for B/y"):
        pairs(tmp_path / "pictures")


def test_a_picture_that_is_no_pair_is_named(write, tmp_path):
    write("x.png", size=(64, 64))
    with pytest.raises(InstallationError, match=r"x\.png is no pair: it is 64x64"):
        pairs(tmp_path / "pictures")


def test_no_pairs_is_one_line(tmp_path):
    with pytest.raises(InstallationError, match="holds no pairs"):
        pairs(tmp_path)
    with pytest.raises(InstallationError, match="there is no folder"):
        pairs(tmp_path / "nowhere")

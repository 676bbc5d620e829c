"""Crops: where they are, what they show, and that nothing is aliased, torn or left out."""

from math import pi

import pytest
import torch
from torch import Tensor

from installation.errors import InstallationError
from installation.training.data.crops import Crops
from installation.training.data.globe import evened, gnomonic
from installation.training.data.places import Places
from installation.training.data.pyramid import Pyramid, levels
from installation.training.data.spec import CropSpec

CPU = torch.device("cpu")


def ramp(height: int = 256, width: int = 256) -> Tensor:
    """Red tells the column, green the row."""
    out = torch.zeros(3, height, width, dtype=torch.uint8)
    out[0] = (torch.arange(width) * 256 / width).byte()
    out[1] = (torch.arange(height) * 256 / height).byte().view(-1, 1)
    return out


def levels_of(drawn: Tensor) -> Tensor:
    return (drawn + 1) * 127.5


def map_of(tell, height: int = 360) -> Tensor:
    """A globe whose red is ``tell(longitude, latitude)``, in radians, of -1..1."""
    latitude = (0.5 - (torch.arange(height) + 0.5) / height) * pi
    longitude = ((torch.arange(2 * height) + 0.5) / (2 * height) - 0.5) * 2 * pi
    red = tell(longitude.view(1, -1), latitude.view(-1, 1)).expand(height, 2 * height)
    return ((red + 1) * 127.5).round().byte().unsqueeze(0).repeat(3, 1, 1)


def globe(across: float, **more) -> CropSpec:
    return CropSpec("equirectangular", (across, across), **more)


def test_a_crop_is_a_square_of_the_asked_share():
    torch.manual_seed(0)
    drawn = levels_of(Crops([ramp()], CropSpec(across=(0.5, 0.5), turn=0, flip=False), 32).draw(40))
    assert drawn.shape == (40, 3, 32, 32)
    assert drawn.dtype == torch.float32
    spans = (drawn[:, 0, 0, -1] - drawn[:, 0, 0, 0]), (drawn[:, 1, -1, 0] - drawn[:, 1, 0, 0])
    for span in spans:  # 128 pixels, from the middle of the first drawn to that of the last
        torch.testing.assert_close(span, torch.full((40,), 124.0), atol=1.5, rtol=0)
    middles = drawn[:, 0].mean((1, 2))
    assert middles.min() < 75
    assert middles.max() > 181  # 64 and 191 are the furthest


@pytest.mark.parametrize("across", [0.4, 1.0])
def test_a_turned_crop_never_leaves_the_picture(across):
    """Red stays a plane over the crop: at a border it would stand still."""
    torch.manual_seed(1)
    drawn = levels_of(Crops([ramp()], CropSpec(across=(across, across)), 48).draw(64))[:, 0].flatten(1)
    steps = torch.linspace(-1, 1, 48)
    basis = torch.stack((torch.ones(48 * 48), steps.repeat(48), steps.repeat_interleave(48)), dim=1)
    fitted = basis @ torch.linalg.lstsq(basis, drawn.T).solution
    assert (fitted.T - drawn).abs().max() < 2.5


def test_mirror_images_and_turns_come_as_often_as_asked():
    torch.manual_seed(2)
    plain = Crops([ramp()], CropSpec(across=(0.5, 0.5), turn=0), 8).draw(400)
    mirrored = (plain[:, 0, 0, -1] < plain[:, 0, 0, 0]).float().mean()
    assert 0.4 < mirrored < 0.6
    turned = Crops([ramp()], CropSpec(across=(0.3, 0.3), turn=10, flip=False), 8).draw(400)
    angles = torch.atan2(turned[:, 1, 4, -1] - turned[:, 1, 4, 0], turned[:, 0, 4, -1] - turned[:, 0, 4, 0])
    assert 8 < angles.abs().max() * 180 / pi < 11.5


def test_what_is_finer_than_a_drawn_pixel_becomes_its_mean():
    fine = ((torch.arange(512).view(1, -1) + torch.arange(512).view(-1, 1)) % 2 * 255).byte().repeat(3, 1, 1)
    torch.manual_seed(3)
    drawn = levels_of(Crops([fine], CropSpec(across=(0.6, 0.95)), 64).draw(16))
    assert drawn.std((1, 2, 3)).max() < 8
    assert abs(float(drawn.mean()) - 127.5) < 3


def test_a_crop_is_sharp_where_the_picture_is():
    """Stripes of eight pixels, drawn half as large, keep nearly all their contrast."""
    stripes = ((torch.arange(512) // 8) % 2 * 255).byte().view(1, 1, -1).repeat(3, 512, 1)
    torch.manual_seed(4)
    drawn = levels_of(Crops([stripes], CropSpec(across=(0.25, 0.25), turn=0), 64).draw(8))
    assert drawn.std((1, 2, 3)).min() > 105  # 127.5 if it were perfect


def test_a_globe_has_no_edge_and_is_seen_from_straight_above():
    """Against Snyder's own formulas (22-4, 5-3, 20-14, 20-15), over the date line."""
    tell = lambda longitude, latitude: torch.sin(longitude) * torch.cos(latitude)  # noqa: E731
    size, across = 33, 30.0
    x = (torch.arange(size, dtype=torch.float64) + 0.5) * 2 / size - 1
    right, up = (
        x.view(1, -1) * torch.tan(torch.tensor(across * pi / 360)),
        -x.view(-1, 1) * torch.tan(torch.tensor(across * pi / 360)),
    )
    pyramid = Pyramid([evened(map_of(tell))], True, CPU)
    for longitude, latitude in ((pi - 0.05, 0.3), (-pi, -0.9), (0.7, 1.1)):
        far = torch.hypot(right, up).clamp(min=1e-9)
        c, phi = torch.atan(far), torch.tensor(latitude, dtype=torch.float64)
        lat = torch.asin(c.cos() * phi.sin() + up * c.sin() * phi.cos() / far)
        lon = longitude + torch.atan2(right * c.sin(), far * phi.cos() * c.cos() - up * phi.sin() * c.sin())
        given = (torch.tensor([longitude]), torch.tensor([latitude]))
        places = gnomonic(right.float().expand(1, size, size), -up.float().expand(1, size, size), *given)
        drawn = pyramid.read(torch.zeros(1, dtype=torch.long), *places, torch.ones(1))
        assert (drawn[0, 0] - (tell(lon, lat) + 1) * 127.5).abs().max() < 2.5


def test_a_disc_near_a_pole_stays_a_disc():
    north = torch.tensor(62 * pi / 180)

    def disc(longitude, latitude):
        apart = latitude.sin() * north.sin() + latitude.cos() * north.cos() * longitude.cos()
        return (apart > torch.cos(torch.tensor(4 * pi / 180))).float() * 2 - 1

    crops = Crops([map_of(disc, 900)], globe(12, turn=0, flip=False), 96)
    place = torch.tensor([0.5]), torch.tensor([0.5 - 62 / 180])
    drawn = crops._view(96, torch.zeros(1).long(), *place, torch.tensor([12.0]), torch.zeros(1), torch.ones(1))
    drawn = drawn[0, 0] > 127
    wide, high = int(drawn.any(0).sum()), int(drawn.any(1).sum())
    assert abs(wide - high) <= 2
    assert abs(wide - 96 * 8 / 12) <= 2


def test_far_north_nothing_is_aliased_sideways():
    """At 60 degrees a pixel of the map is half as wide as high: stripes of three pixels are too fine to be seen."""
    stripes = (torch.arange(720) % 3 == 0).byte().mul(255).view(1, 1, -1).repeat(3, 360, 1)
    north = stripes.clone()
    shown = evened(north)[:, 360 * 28 // 180 : 360 * 30 // 180].float()
    assert shown.std() < 0.2 * stripes.float().std()
    equator = evened(north)[:, 178:182].float()
    assert equator.std() > 0.9 * stripes.float().std()


def test_the_seam_is_in_no_level():
    """A globe that begins its map at another longitude is the same globe."""
    noise = torch.randint(0, 256, (3, 128, 256), generator=torch.Generator().manual_seed(1)).byte()
    shifted = levels(noise.roll(128, 2), True)
    for level, other in zip(levels(noise, True)[:6], shifted, strict=False):
        apart = other.roll(level.shape[2] // 2, 2).int() - level.int()
        assert apart.abs().max() <= 3  # rounding, level upon level; a seam is 15


def test_places_are_even_on_the_sphere():
    torch.manual_seed(5)
    _, x, y = Places([map_of(lambda a, b: a * 0 + b * 0)], globe(10), None, CPU).draw(8000)
    latitude = (0.5 - y) * 180
    assert latitude.abs().max() <= 68.5
    assert abs(float((latitude.abs() < 30).float().mean()) - 0.539) < 0.02  # sin 30 / sin 68
    assert abs(float((x < 0.25).float().mean()) - 0.25) < 0.02


def test_crops_keep_to_the_land():
    mask = torch.zeros(360, 720, dtype=torch.uint8)
    mask[140:220, 300:420] = 255  # 40 by 60 degrees in the middle
    torch.manual_seed(6)
    sea = map_of(lambda a, b: a * 0 + b * 0)
    _, x, y = Places([sea], globe(10, least_land=0.5), mask, CPU).draw(2000)
    assert ((x - 0.5).abs() * 360 < 32).all()
    assert ((y - 0.5).abs() * 180 < 22).all()


def test_crops_keep_to_what_has_contrast():
    picture = torch.zeros(3, 200, 400, dtype=torch.uint8)
    picture[:, :, 200:] = torch.randint(0, 256, (1, 200, 200), generator=torch.Generator().manual_seed(0)).byte()
    torch.manual_seed(7)
    spec = CropSpec(across=(0.3, 0.3), weight="contrast", least_contrast=0.1)
    drawn = Crops([picture, torch.zeros(3, 90, 80, dtype=torch.uint8)], spec, 16).draw(200)
    assert drawn.std((1, 2, 3)).min() > 0.05
    with pytest.raises(InstallationError, match="no place of these pictures has the contrast"):
        Crops([torch.zeros(3, 90, 80, dtype=torch.uint8)], spec, 16)


def test_of_several_pictures_each_is_drawn_as_often():
    flat = [torch.full((3, 40 + 30 * n, 50), 40 * n, dtype=torch.uint8) for n in range(5)]
    torch.manual_seed(8)
    tones = levels_of(Crops(flat, CropSpec(), 8).draw(1000)).mean((1, 2, 3)).round()
    for n in range(5):
        assert 150 < int((tones == 40 * n).sum()) < 250


def test_the_same_seed_draws_the_same_at_any_size():
    crops = Crops([ramp(300, 500)], CropSpec(across=(0.3, 0.9)), 64)
    torch.manual_seed(9)
    large = crops.draw(12)
    torch.manual_seed(9)
    again = crops.draw(12)
    torch.manual_seed(9)
    small = crops.draw(12, 16)
    assert torch.equal(large, again)
    reduced = torch.nn.functional.avg_pool2d(large, 4)
    assert (reduced - small)[:, :2].abs().max() < 0.03


def test_many_are_drawn_in_parts_as_if_at_once(monkeypatch):
    crops = Crops([ramp()], CropSpec(), 32)
    torch.manual_seed(10)
    once = crops.draw(9)
    monkeypatch.setattr("installation.training.data.crops.AT_ONCE", {"cpu": 32 * 32 * 2})
    torch.manual_seed(10)
    assert torch.equal(crops.draw(9), once)


def test_tone_opens_shadows_and_keeps_grey():
    grey = torch.full((3, 20, 20), 64, dtype=torch.uint8)
    drawn = levels_of(Crops([grey], CropSpec(gamma=0.5, saturation=2), 4).draw(1))
    torch.testing.assert_close(drawn, torch.full_like(drawn, 128.0), atol=1, rtol=0)  # sqrt(64 / 255) * 255 = 127.7
    red = torch.tensor([200, 100, 100], dtype=torch.uint8).view(3, 1, 1).repeat(1, 20, 20)
    drawn = levels_of(Crops([red], CropSpec(saturation=1.5), 4).draw(1))[0, :, 0, 0]
    torch.testing.assert_close(drawn, torch.tensor([239.4, 89.4, 89.4]), atol=1, rtol=0)  # grey 121.26
    dim = levels_of(Crops([red], CropSpec(white=200), 4).draw(1))[0, :, 0, 0]
    torch.testing.assert_close(dim, torch.tensor([255.0, 127.5, 127.5]), atol=1, rtol=0)


def test_no_picture_is_one_line():
    with pytest.raises(InstallationError, match="no picture"):
        Crops([], CropSpec(), 8)

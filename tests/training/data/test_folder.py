"""A folder looked through: everything wrong with it, at once, by file."""

import shutil

import cv2
import numpy as np
import pytest

from installation.errors import InstallationError
from installation.training.data.alike import alike, fingerprint
from installation.training.data.decode import decode
from installation.training.data.folder import look, summary


def words_of(looked) -> dict[str, str]:
    return {trouble.file: trouble.words for trouble in looked.troubles}


def test_a_good_folder_has_nothing_to_say(write, tmp_path):
    for number in range(50):
        write(f"p{number:02}.png")
    looked = look(tmp_path / "pictures", 64)
    assert looked.troubles == ()
    assert [path.name for path in looked.pictures] == [f"p{number:02}.png" for number in range(50)]
    assert looked.sizes == ((64, 64),) * 50
    looked.check()


def test_every_trouble_is_told_with_its_file(write, tmp_path):
    folder = tmp_path / "pictures"
    for number in range(6):
        write(f"good{number}.jpg", size=(80, 100))
    shutil.copy(folder / "good0.jpg", folder / "twice.jpg")
    again = cv2.imread(str(folder / "good1.jpg"))
    write("saved_again.jpg", cv2.resize(again, (90, 72)))
    write("small.png", size=(20, 30))
    clear = np.full((80, 80, 4), 200, np.uint8)
    clear[:40, :, 3] = 0
    clear[:, :, 1] = np.arange(80)
    write("sub/clear.png", clear)
    (folder / "half.png").write_bytes((folder / "small.png").read_bytes()[:60])
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "notes.txt").write_text("mine")
    (folder / ".hidden.png").write_bytes(b"x")
    progress = []
    looked = look(folder, 64, lambda *step: progress.append(step))
    assert words_of(looked) == {
        "twice.jpg": "is a copy: of good0.jpg, not used",
        "saved_again.jpg": "looks like another: good1.jpg",
        "small.png": "is smaller than 64 pixels and will be enlarged: 30x20",
        "sub/clear.png": "is transparent in places: black will be there",
        "half.png": "is broken, or no picture: not used",
        "empty.jpg": "is broken, or no picture: not used",
        "notes.txt": "is no picture: not used",
        "": "only 9 pictures: a network will know them by heart; 50 are few, hundreds are better",
    }
    assert len(looked.pictures) == 9
    assert progress[-1] == (12, 12)
    looked.check()  # nothing of it forbids a training


def test_a_summary_has_a_line_a_kind(write, tmp_path):
    for number in range(5):
        write(f"small{number}.png", size=(20 + number, 20))
    assert summary(look(tmp_path / "pictures", 64).troubles) == [
        "small0.png, small1.png, small2.png and 2 more: is smaller than 64 pixels and will be enlarged",
        "only 5 pictures: a network will know them by heart; 50 are few, hundreds are better",
    ]


def test_too_few_is_fatal_unless_crops_are_made(write, tmp_path):
    folder = tmp_path / "pictures"
    for number in range(4):
        write(f"{number}.png")
    looked = look(folder, 64)
    assert [trouble.fatal for trouble in looked.troubles] == [True]
    with pytest.raises(InstallationError, match="holds 4 pictures to learn from; the fewest are 5"):
        looked.check()
    (folder / "data.yaml").write_text("crops: {across: [0.2, 0.5]}")
    looked = look(folder, 64)
    assert looked.troubles == ()
    looked.check()


def test_grey_among_colour_is_told(write, tmp_path):
    for number in range(6):
        write(f"{number}.png")
    write("grey.png", cv2.resize(np.random.default_rng(1).integers(0, 255, (5, 5), np.uint8), (64, 64)))
    assert "1 of 7 pictures are grey, the others have colour" in [
        t.words for t in look(tmp_path / "pictures", 64).troubles
    ]


def test_a_map_and_its_mask_are_checked(write, tmp_path):
    folder = tmp_path / "pictures"
    write("map.png", size=(64, 100))
    (folder / "data.yaml").write_text("crops: {projection: equirectangular, mask: land.png, least_land: 0.1}")
    looked = look(folder, 64)
    assert words_of(looked) == {
        "map.png": "is no map of the whole globe, twice as wide as high: 100x64",
        "land.png": "the mask land.png is not there",
    }
    with pytest.raises(InstallationError, match="the mask"):
        looked.check()
    write("land.png")
    assert [path.name for path in look(folder, 64).pictures] == ["map.png"]


def test_no_folder_is_one_line(tmp_path):
    with pytest.raises(InstallationError, match="there is no folder"):
        look(tmp_path / "nowhere", 64)


def test_a_fingerprint_stays_where_the_picture_does():
    dice = np.random.default_rng(2)
    pictures = [cv2.resize(dice.integers(0, 255, (7, 7, 3), np.uint8), (90, 90)) for _ in range(200)]
    prints = [fingerprint(picture) for picture in pictures]
    assert list(alike(prints)) == []
    darker = fingerprint(cv2.resize((pictures[7] * 0.7).astype(np.uint8), (50, 50)))
    assert list(alike([*prints, darker])) == [(200, 7)]
    flat = fingerprint(np.zeros((9, 9, 3), np.uint8))
    assert list(alike([flat, flat])) == []


def test_what_cameras_and_programs_write_is_read_alike():
    colour = np.zeros((4, 6, 3), np.uint8)
    colour[..., 2] = 200  # red, in cv2's order
    for ending, pixels in ((".png", colour), (".png", colour.astype(np.uint16) * 257), (".tiff", colour)):
        got = decode(cv2.imencode(ending, pixels)[1].tobytes(), f"a{ending}")
        assert got.pixels.dtype == np.uint8
        assert got.pixels[0, 0].tolist() == [200, 0, 0]
    half = np.dstack([colour, np.full((4, 6), 128, np.uint8)])
    got = decode(cv2.imencode(".png", half)[1].tobytes(), "a.png")
    assert got.pixels[0, 0].tolist() == [100, 0, 0]
    assert got.see_through
    grey = decode(cv2.imencode(".png", colour[..., 2])[1].tobytes(), "a.png")
    assert grey.pixels.shape == (4, 6, 3)
    assert grey.grey
    with pytest.raises(InstallationError, match=r"a\.png cannot be read as a picture"):
        decode(b"not one", "a.png")


def test_a_camera_held_sideways_is_turned_upright():
    exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"  # orientation 6
    jpeg = cv2.imencode(".jpg", np.zeros((8, 16, 3), np.uint8))[1].tobytes()
    turned = jpeg[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + jpeg[2:]
    assert decode(turned, "a.jpg").pixels.shape == (16, 8, 3)

"""A direction that examples have given a meaning does what they show, on a model whose pictures can be measured."""

import cv2
import numpy as np
import pytest
import torch

from installation.checkpoints import card as cards
from installation.commands.train import directions as command
from installation.errors import InstallationError, ModelError
from installation.latent import stored
from installation.latent.favourites import Favourite
from installation.latent.space import Direction
from installation.library import Library
from installation.models.sampled import Sampler
from installation.training import device
from installation.training.meaning.cloud import Cloud, along
from installation.training.meaning.features import LAYERS, Features
from installation.training.meaning.find import Examples, find
from installation.training.meaning.judge import taught
from tests import tiny_models

CPU = device.find("cpu", half=False)
SAMPLES = 240


class Eye(torch.nn.Module):
    """Fixed, random layers under the names of VGG16's: what VGG would see costs a download."""

    def __init__(self) -> None:
        super().__init__()
        made = torch.Generator().manual_seed(1)
        for name in LAYERS:
            self.register_buffer(name, torch.randn(8, 3, 3, 3, generator=made) / 3)

    def forward(self, picture: torch.Tensor, last: str) -> dict[str, torch.Tensor]:
        assert last == LAYERS[-1]
        return {
            name: torch.nn.functional.conv2d(torch.nn.functional.avg_pool2d(picture, 4 * 2**level), getattr(self, name))
            for level, name in enumerate(LAYERS)
        }


def silent(done: int, total: int) -> None:
    """Nobody looks."""


def light(picture: np.ndarray) -> float:
    return float(picture[..., :3].mean())


def redness(picture: np.ndarray) -> float:
    return float(picture[..., 0].mean()) - float(picture[..., 2].mean())


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home with a tiny StyleGAN2, and folders of its pictures by their light and their redness."""
    home = tmp_path_factory.mktemp("home")
    tiny_models.stylegan2(home, "tiny")
    sampler = Sampler(cards.load("tiny", Library(home)), "torch")
    pictures = [sampler.paint(sampler.truncated(row, 1.0)) for row in sampler.rows(120, 77)]
    for measure, more, less in ((light, "light", "dark"), (redness, "red", "blue")):
        ranked = sorted(pictures, key=measure)
        for name, some in ((less, ranked[:30]), (more, ranked[-30:])):
            (home / name).mkdir()
            for number, picture in enumerate(some):
                cv2.imwrite(str(home / name / f"{number}.png"), cv2.cvtColor(picture[..., :3], cv2.COLOR_RGB2BGR))
    sampler.close()
    return home


@pytest.fixture
def sampler(home):
    made = Sampler(cards.load("tiny", Library(home)), "torch")
    yield made
    made.close()


@pytest.fixture(scope="module")
def features():
    return Features(Eye(), CPU)


def read(folder) -> torch.Tensor:
    pictures = [cv2.imread(str(path), cv2.IMREAD_COLOR_RGB) for path in sorted(folder.iterdir())]
    return torch.from_numpy(np.stack(pictures).transpose(0, 3, 1, 2).copy())


def along_amounts(sampler, direction, measure) -> list[float]:
    starts = [sampler.truncated(row, 0.7) for row in sampler.rows(16, 5)]
    push = np.float32(direction.sigma) * direction.vector
    return [
        float(np.mean([measure(sampler.paint(x + np.float32(a) * push)) for x in starts])) for a in (-2, -1, 0, 1, 2)
    ]


def test_the_way_towards_light_makes_it_lighter(home, sampler, features):
    examples = Examples(features(read(home / "light")), features(read(home / "dark")))
    found = find(sampler, features, examples, SAMPLES, 0, [], silent)
    assert found.told > 0.95
    assert found.follows > 0.6
    assert 0.2 < found.share < 0.8
    lights = along_amounts(sampler, found.direction, light)
    assert lights == sorted(lights)
    assert lights[-1] - lights[0] > 40
    rows = sampler.rows(200, 9)
    true = [light(sampler.paint(sampler.truncated(row, 1.0))) for row in rows]
    assert np.corrcoef(rows @ found.direction.vector, true)[0, 1] > 0.45
    assert np.linalg.norm(found.direction.vector) == pytest.approx(1, abs=1e-5)
    assert found.direction.sigma == pytest.approx((sampler.rows(4000, 3) @ found.direction.vector).std(), rel=0.1)


def test_few_of_its_own_pictures_are_enough(sampler, features):
    """Eight light ones against whatever it paints."""
    rows = sampler.rows(40, 21)
    pictures = [sampler.paint(sampler.truncated(row, 1.0)) for row in rows]
    best = sorted(pictures, key=light)[-8:]
    toward = features(torch.from_numpy(np.stack(best)[..., :3].transpose(0, 3, 1, 2).copy()))
    found = find(sampler, features, Examples(toward, None), SAMPLES, 0, [], silent)
    lights = along_amounts(sampler, found.direction, light)
    assert lights == sorted(lights)
    assert lights[-1] - lights[0] > 40


def test_what_does_not_differ_is_told_apart_by_chance_alone():
    drawn = np.random.RandomState(2)
    judges = [taught(drawn.randn(20, 64).astype(np.float32), drawn.randn(20, 64).astype(np.float32)) for _ in range(40)]
    told = np.array([judge.told for judge in judges])
    assert told.mean() == pytest.approx(0.5, abs=0.06)
    assert (told > judges[0].chance).sum() <= 4
    assert 0.6 < judges[0].chance < 0.8


def test_a_judge_weighs_both_groups_alike():
    """A dozen against three hundred, of more numbers than pictures."""
    drawn = np.random.RandomState(3)
    toward, away = drawn.randn(12, 200).astype(np.float32), drawn.randn(300, 200).astype(np.float32)
    toward[:, 0] += 4
    judge = taught(toward, away)
    assert judge.told > 0.8
    fresh = drawn.randn(1000, 200).astype(np.float32)
    wrong = (judge(fresh) > 0).mean()
    fresh[:, 0] += 4
    missed = (judge(fresh) < 0).mean()
    assert max(wrong, missed) < 0.3
    assert abs(wrong - missed) < 0.15


def test_pictures_with_more_stars_count_more():
    drawn = np.random.RandomState(4)
    toward = drawn.randn(80, 2).astype(np.float32)
    toward[:40, 0] += 1
    toward[40:, 1] += 1
    away = drawn.randn(400, 2).astype(np.float32)
    stars = np.repeat([5, 1], 40).astype(np.float32)
    first, last = taught(toward, away, stars).weights, taught(toward, away, stars[::-1]).weights
    assert first[0] > 1.5 * first[1]
    assert last[1] > 1.5 * last[0]


def test_a_way_apart_from_others_leaves_their_shadows_alone():
    drawn = np.random.RandomState(5)
    rows = (drawn.randn(3000, 12) * np.linspace(3, 0.1, 12)).astype(np.float32)
    score = rows[:, 0] + rows[:, 1]
    free, corr = along(rows, score.astype(np.float64))
    assert corr > 0.95
    other = np.zeros((2, 12), np.float32)  # a direction with a row a layer
    other[0, 0], other[1, 5] = 1, 1
    apart, less = along(rows, score.astype(np.float64), [other])
    assert np.abs(other @ apart.vector).max() < 1e-6
    assert abs(other[0] @ free.vector) > 0.5
    assert apart.vector[1] > 0.9
    assert less < corr - 0.1
    with pytest.raises(ModelError, match="no way left"):
        along(rows, score.astype(np.float64), [np.eye(12, dtype=np.float32)])


def test_of_all_ways_apart_it_is_the_best():
    """The pull rises most for a length that counts each axis by its variance and the mean variance."""
    drawn = np.random.RandomState(7)
    rows = (drawn.randn(500, 6) @ drawn.randn(6, 6)).astype(np.float32)
    covariance = np.cov(rows.T.astype(np.float64))
    metric = covariance + np.eye(6) * np.trace(covariance) / 6
    pull, other = drawn.randn(6), drawn.randn(6)

    def rise(way: np.ndarray) -> float:
        return float(pull @ way / np.sqrt(way @ metric @ way))

    free, apart = (Cloud(rows).way(pull, others) for others in ([], [other.astype(np.float32)]))
    beside = drawn.randn(2000, 6)
    assert rise(free) > max(map(rise, beside))
    beside -= np.outer(beside @ other, other) / (other @ other)
    near = apart + 0.05 * beside
    assert rise(apart) > max(*map(rise, beside), *map(rise, near))


def test_it_does_not_lean_on_axes_that_the_model_hardly_uses():
    """Of two axes that tell the same, plain regression would take the narrow one."""
    drawn = np.random.RandomState(6)
    score = drawn.randn(4000)
    wide, narrow = 3 * (score + drawn.randn(4000)), 0.1 * (score + 0.5 * drawn.randn(4000))
    way = along(np.stack([wide, narrow], 1).astype(np.float32), score)[0].vector
    assert way[0] > 0.95
    assert Cloud(np.stack([wide, narrow], 1).astype(np.float32)).direction(way).sigma > 1


def test_a_model_of_z_has_directions_of_z(tmp_path, features):
    tiny_models.dcgan(tmp_path, "plain")
    sampler = Sampler(cards.load("plain", Library(tmp_path)), "torch")
    pictures = sorted((sampler.paint(row) for row in sampler.rows(60, 4)), key=light)
    groups = [
        features(torch.from_numpy(np.stack(s)[..., :3].transpose(0, 3, 1, 2).copy()))
        for s in (pictures[-15:], pictures[:15])
    ]
    found = find(sampler, features, Examples(*groups), SAMPLES, 0, [], silent)
    assert found.direction.vector.shape == (16,)
    assert found.direction.sigma == pytest.approx(1, abs=0.15)
    lights = along_amounts(sampler, found.direction, light)
    assert lights == sorted(lights)
    sampler.close()


def asked(place, **changes) -> command.Asked:
    given = {"model": "tiny", "name": "light", "samples": SAMPLES, "backend": "torch", "home": place}
    return command.Asked(**given | {"output": place / "sheet.png"} | changes)


@pytest.fixture
def file(home):
    """Where the tiny model's directions go; away again after each test."""
    path = home / "models" / "tiny" / stored.DIRECTIONS
    yield path
    path.unlink(missing_ok=True)


@pytest.fixture
def seeing(monkeypatch):
    monkeypatch.setattr(command, "eye", lambda device: Eye())


def test_the_command_adds_to_the_file_and_draws_the_sheet(home, file, seeing, capsys):
    stored.write_directions(file, {"mine": Direction(np.eye(16, dtype=np.float32)[3], 2.0)})
    command.directions(asked(home, toward=str(home / "light"), away=str(home / "dark")))
    said = capsys.readouterr()
    assert "kept back; chance is 50%" in said.out
    assert "{direction: {name: light, amount: 1}}" in said.out
    assert "hardly" not in said.err
    command.directions(asked(home, name="red", toward=str(home / "red"), away=str(home / "blue"), apart="light,mine"))
    found = stored.read_directions(file)
    assert set(found) == {"light", "mine", "red"}
    assert found["mine"].sigma == 2.0
    assert abs(found["red"].vector @ found["light"].vector) < 1e-5
    assert abs(found["red"].vector @ found["mine"].vector) < 1e-5
    assert cv2.imread(str(home / "sheet.png")).std() > 20


@pytest.fixture(scope="module")
def bright(home) -> list[int]:
    """The seeds of its eight lightest pictures of sixty, the lightest last."""
    sampler = Sampler(cards.load("tiny", Library(home)), "torch")
    lights = [light(sampler.paint(latent)) for latent in sampler.chosen([Favourite(seed) for seed in range(60)])]
    sampler.close()
    return np.argsort(lights)[-8:].tolist()


def test_favourites_say_what_they_have_in_common(home, file, seeing, bright, sampler):
    (home / "favourites").mkdir()
    lines = [
        f"- {{seed: {seed}, stars: {stars}}}\n" for seed, stars in zip(bright, (1, 2, 3, 4, 5, 5, 5, 5), strict=True)
    ]
    (home / "favourites" / "tiny.yaml").write_text("".join(lines))
    command.directions(asked(home, name="liked", favourites=True))
    lights = along_amounts(sampler, stored.read_directions(file)["liked"], light)
    assert lights[-1] - lights[0] > 20


def test_so_do_seeds_against_others(home, file, seeing, bright, sampler):
    others = [str(seed) for seed in range(20) if seed not in bright]
    command.directions(asked(home, name="chosen", seeds=",".join(map(str, bright)), against=",".join(others)))
    lights = along_amounts(sampler, stored.read_directions(file)["chosen"], light)
    assert lights[-1] - lights[0] > 12


def test_a_folder_of_large_pictures_is_read_in_crops(home, file, seeing, capsys, tmp_path):
    """As a training reads it: what data.yaml says of crops holds here too."""
    for name, level in (("pale", 230), ("deep", 20)):
        (tmp_path / name).mkdir()
        large = np.random.RandomState(level).normal(level, 8, (300, 400, 3)).clip(0, 255).astype(np.uint8)
        cv2.imwrite(str(tmp_path / name / "one.png"), large)
        (tmp_path / name / "data.yaml").write_text("crops: {across: [0.3, 0.6]}\n")
    command.directions(asked(home, toward=str(tmp_path / "pale"), away=str(tmp_path / "deep")))
    assert "told apart in 100%" in capsys.readouterr().out
    assert set(stored.read_directions(file)) == {"light"}


def test_folders_that_do_not_differ_are_reported(home, file, seeing, capsys, tmp_path):
    drawn = np.random.RandomState(8)
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        for number in range(12):
            cv2.imwrite(str(tmp_path / name / f"{number}.png"), drawn.randint(0, 255, (32, 32, 3), np.uint8))
    command.directions(asked(home, toward=str(tmp_path / "one"), away=str(tmp_path / "other")))
    assert "the direction may mean little" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, "which examples"),
        ({"toward": "{home}/light"}, "which examples"),
        ({"seeds": "1,2,3", "favourites": True}, "which examples"),
        ({"against": "1,2,3"}, "which examples"),
        ({"seeds": "1,2,1"}, "2 seeds: 3 are the fewest"),
        ({"seeds": "1,2,3", "against": "4"}, "1 seeds against: 3 are the fewest"),
        ({"seeds": "1,2,3", "name": "sefa.0"}, "cannot be called 'sefa.0'"),
        ({"seeds": "1,2,3", "apart": "desert"}, "no direction 'desert'"),
        ({"seeds": "1,2,3", "samples": 20}, "20 samples say too little"),
        ({"toward": "{home}/few", "away": "{home}/dark"}, "holds 2 pictures to learn from; the fewest are 5"),
        ({"favourites": True, "model": "lone"}, "0 favourites of 'lone': 3 are the fewest"),
        ({"seeds": "1,2,3", "model": "multistyle", "home": None}, "paints from pictures"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_written(home, file, seeing, changes, wrong):
    few = home / "few"
    few.mkdir(exist_ok=True)
    for number in (1, 2):
        (few / f"{number}.png").write_bytes((home / "light" / f"{number}.png").read_bytes())
    if not (home / "models" / "lone").exists():
        tiny_models.stylegan2(home, "lone")
    given = {key: value.format(home=home) if isinstance(value, str) else value for key, value in changes.items()}
    with pytest.raises(InstallationError, match=wrong):
        command.directions(asked(home, **given))
    assert not file.exists()

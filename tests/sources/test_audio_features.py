import numpy as np
import pytest

from installation.sources.audio_features import HIGHEST, AudioFeatures, Features

RATE = 48_000
T = np.arange(2 * RATE) / RATE


def heard(samples: np.ndarray, rate: float = RATE, block: int = 512) -> list[Features]:
    features = AudioFeatures(rate)
    found = (features.push(samples[i : i + block].astype(np.float32)) for i in range(0, len(samples), block))
    return [each for each in found if each]


def sine(frequency: float, amplitude: float = 0.5) -> np.ndarray:
    return amplitude * np.sin(2 * np.pi * frequency * T)


def lawful(found: list[Features]) -> bool:
    return all(0 <= value <= 1 for each in found for value in (each.level, each.bass, each.mid, each.treble)) and all(
        each.frequency is None or 0 < each.frequency <= HIGHEST for each in found
    )


@pytest.mark.parametrize("frequency", [110.0, 440.0, 443.3, 1000.0, 3001.7, 9000.0])
def test_frequency_is_found_within_half_a_hertz(frequency: float) -> None:
    for each in heard(sine(frequency))[8:]:
        assert each.frequency == pytest.approx(frequency, abs=0.5)


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100, 96_000, 192_000])
def test_frequency_at_other_rates(rate: int) -> None:
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate)
    found = heard(tone, rate)
    assert found[-1].frequency == pytest.approx(440, abs=0.5)
    assert lawful(found)


@pytest.mark.parametrize("decibels", [0.0, -12.0, -30.0, -54.0])
def test_level_is_dbfs(decibels: float) -> None:
    found = heard(sine(1000, 10 ** (decibels / 20)))
    assert found[-1].level == pytest.approx(1 + decibels / 60, abs=0.002)


def test_each_band_hears_its_own() -> None:
    for frequency, band in ((80, "bass"), (700, "mid"), (5000, "treble")):
        last = heard(sine(frequency))[-1]
        values = {name: getattr(last, name) for name in ("bass", "mid", "treble")}
        assert values.pop(band) > 0.95
        assert max(values.values()) < 0.1


def test_gain_adapts_to_a_quieter_passage_slowly() -> None:
    quiet = np.tile(sine(700, 0.05), 8)  # 16 s
    found = heard(np.concatenate((sine(700), quiet)))
    fresh, later = found[len(heard(T)) + 20], found[-1]
    assert fresh.mid < 0.2
    assert later.mid > 0.6


def test_silence_stays_silent() -> None:
    for found in (heard(np.zeros_like(T)), heard(np.full_like(T, 0.7))[8:]):
        assert all(each.level == 0 and each.frequency is None and not each.onset for each in found)
        assert all(max(each.bass, each.mid, each.treble) < 1e-3 for each in found)


def test_the_hum_of_a_room_stays_low() -> None:
    room = np.random.default_rng(0).normal(0, 0.0007, len(T))
    found = heard(room)
    assert all(max(each.bass, each.mid, each.treble) < 0.15 for each in found)
    assert not any(each.onset for each in found)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e30, -1e30])
def test_what_no_converter_sends_is_bounded_and_forgotten(bad: float) -> None:
    spoiled = sine(440)
    spoiled[1000:9000:3] = bad
    found = heard(spoiled)
    assert lawful(found)
    assert found[-1].frequency == pytest.approx(440, abs=0.5)
    assert found[-1].level == pytest.approx(0.9, abs=0.01)


def test_clipping_is_full_level() -> None:
    found = heard(np.sign(sine(440)))
    assert lawful(found)
    assert found[-1].level == 1
    assert found[-1].frequency == pytest.approx(440, abs=0.5)


def test_every_clap_is_one_onset() -> None:
    rng = np.random.default_rng(1)
    sound = rng.normal(0, 0.003, 6 * RATE)
    starts = [0.5 + 0.4 * k for k in range(13)]
    for start in starts:
        at = round(start * RATE)
        sound[at : at + 2400] += 0.5 * rng.standard_normal(2400) * np.exp(-np.arange(2400) / 500)
    times = [i * 512 / RATE for i, each in enumerate(heard(sound)) if each.onset]
    assert times == pytest.approx(starts, abs=0.03)


def test_every_note_is_one_onset() -> None:
    sound = np.zeros(6 * RATE)
    starts = [0.5 * k for k in range(1, 11)]
    for k, start in enumerate(starts):
        t = np.arange(round(0.45 * RATE)) / RATE
        shape = np.exp(-5 * t) * np.minimum(1, t / 0.01) * np.minimum(1, (0.45 - t) / 0.1)
        note = 0.3 * np.sin(2 * np.pi * 220 * 2 ** (k * 5 % 12 / 12) * t) * shape
        sound[round(start * RATE) :][: len(t)] += note
    times = [i * 512 / RATE for i, each in enumerate(heard(sound)) if each.onset]
    assert times == pytest.approx(starts, abs=0.05)


def test_steady_noise_is_no_rhythm() -> None:
    noise = np.random.default_rng(2).normal(0, 0.1, 8 * RATE)
    assert sum(each.onset for each in heard(noise)) == 1  # its beginning


def test_blocks_of_any_size_tell_the_same() -> None:
    sound = np.random.default_rng(3).normal(0, 0.1, RATE) * (np.arange(RATE) % 20_000 < 5000)
    ends = [heard(sound[: RATE // 512 * 512], block=size)[-1] for size in (64, 512, 3000, RATE)]
    assert len({(e.level, e.bass, e.mid, e.treble, e.frequency) for e in ends}) == 1
    assert heard(sound, block=RATE)[-1].onset  # an onset anywhere in what was pushed is told


def test_nothing_full_yet() -> None:
    assert AudioFeatures(RATE).push(np.zeros(100, np.float32)) is None

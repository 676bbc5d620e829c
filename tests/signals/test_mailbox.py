from __future__ import annotations

import threading

from installation.signals.mailbox import EMPTY, Mailbox
from installation.types import Channel


def test_an_empty_mailbox_is_stale_and_says_nothing() -> None:
    sample = Mailbox(Channel("x")).read(0.0)
    assert (sample.value, sample.seq, sample.stale) == (None, 0, True)
    assert sample is EMPTY


def test_newest_wins_and_seq_counts_from_one() -> None:
    box = Mailbox(Channel("x"))
    box.post(0.1, 1.0)
    box.post(0.2, 1.1)
    sample = box.read(1.2)
    assert (sample.value, sample.at, sample.seq, sample.stale) == (0.2, 1.1, 2, False)


def test_a_sample_goes_stale_and_keeps_its_value() -> None:
    box = Mailbox(Channel("x", stale_after=0.5))
    box.post(7.0, 10.0)
    assert not box.read(10.5).stale
    late = box.read(10.51)
    assert late.stale
    assert (late.value, late.at, late.seq) == (7.0, 10.0, 1)
    box.post(8.0, 11.0)
    assert not box.read(11.0).stale


def test_for_ever_never_goes_stale() -> None:
    box = Mailbox(Channel("fader", stale_after=float("inf")))
    box.post(0.3, 0.0)
    assert not box.read(1e9).stale


def test_a_reader_beside_a_writer_sees_whole_samples_in_order() -> None:
    box = Mailbox(Channel("x"))
    seen: list[tuple[float, float, int]] = []

    def write() -> None:
        for n in range(1, 20_001):
            box.post(float(n), n / 1000)

    writer = threading.Thread(target=write)
    writer.start()
    while writer.is_alive():
        sample = box.newest
        seen.append((sample.value or 0.0, sample.at, sample.seq))
    writer.join()
    assert all(value == seq and (not seq or at == seq / 1000) for value, at, seq in seen)
    assert [seq for *_, seq in seen] == sorted(seq for *_, seq in seen)
    assert box.newest.seq == 20_000

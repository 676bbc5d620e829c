"""Every hostile file is refused in one line, and nothing of it runs. Read in this process, where a mark would show."""

import io
import pickle
import subprocess
import sys

import pytest

from installation.checkpoints.foreign import neutral, reading
from installation.errors import ModelError
from tests.checkpoints.foreign import (
    hostile_files,
    hostile_globals,
    hostile_instructions,
    hostile_networks,
    hostile_sizes,
    hostile_tensors,
)
from tests.checkpoints.foreign.canary import nothing_runs
from tests.checkpoints.foreign.payload import Touches
from tests.checkpoints.foreign.writing import (
    call,
    module,
    nested,
    network,
    pickled,
    tensor,
    torch_legacy,
    torch_zip,
    word,
)

GROUPS = (hostile_globals, hostile_instructions, hostile_sizes, hostile_tensors, hostile_networks, hostile_files)
CASES = {f"{group.__name__.split('_')[-1]}: {name}": data for group in GROUPS for name, data in group.cases()}


def refused(data: bytes) -> ModelError:
    """The refusal of a file that must not be read."""
    with pytest.raises(ModelError) as caught:
        neutral.write(reading.contents(memoryview(data)).tensors, io.BytesIO())
    return caught.value


def test_there_are_enough_of_them():
    assert len(CASES) == sum(1 for group in GROUPS for _ in group.cases()) >= 600  # none hides another of its name


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_in_one_line_and_nothing_runs(name, bare):
    with nothing_runs(bare):
        error = refused(CASES[name])
    for words in (error.message, error.hint):
        assert words.isprintable()
        assert len(words) < 300


def test_the_canary_sings(tmp_path):
    """What the proof rests on: the same bytes, given to Python's own pickle, do leave a mark."""
    data = next(data for name, data in hostile_globals.cases() if name == "posix.system bare")
    script = "import pickle, sys; pickle.loads(sys.stdin.buffer.read())"
    subprocess.run([sys.executable, "-c", script], input=data, cwd=tmp_path, check=True)
    assert (tmp_path / "canary").exists()


def test_the_canary_hears_a_file_being_opened(bare):
    with pytest.raises(AssertionError), nothing_runs(bare):
        (bare / "x").write_bytes(b"")


def test_a_hostile_file_changes_nothing_for_the_next(bare):
    """BUILD on a shared object would be felt by whoever is read after: so all are read, then a good one."""
    for data in CASES.values():
        if len(data) < 100_000:
            refused(data)
    good = reading.contents(memoryview(torch_zip(b"}" + word("w") + tensor() + b"s")))
    assert {name: found.shape for name, found in good.tensors.items()} == {"w": (2, 2)}


@pytest.mark.parametrize("protocol", range(6))
def test_the_refusal_names_what_was_asked_for(protocol):
    assert "posix.system" in refused(pickle.dumps(Touches(), protocol)).message


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (call("dnnlib.tflib.network", "Network"), "it is a TensorFlow StyleGAN pickle"),
        (call("torch.nn.modules.container", "Sequential"), "it holds a whole network as code"),
        (call("collections", "defaultdict"), "collections.defaultdict"),
        (call("torch._utils", "_rebuild_tensor_v3"), "float8"),
    ],
)
def test_what_people_meet_is_explained(what, words):
    error = refused(pickled(what))
    assert words in error.message
    assert error.hint


def test_source_text_is_neither_run_nor_kept():
    found = reading.contents(memoryview(network(module({"w": tensor(nested())}))))
    assert "raise" not in str(found.facts)


def test_a_legacy_file_is_cut_at_every_byte(bare):
    whole = torch_legacy(b"}" + word("w") + tensor() + b"s")
    assert "w" in reading.contents(memoryview(whole)).tensors
    with nothing_runs(bare):
        for length in range(len(whole)):
            refused(whole[:length])

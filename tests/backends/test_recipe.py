"""The key changes with whatever changes the graph, and wrong arrays are stopped before a backend sees them."""

from dataclasses import replace

import numpy as np
import pytest

from installation.backends.recipe import Input


def test_the_key_is_of_the_content(recipe):
    other_size = {**recipe.inputs, "z": Input((1, 9), "float32")}
    changed = [
        replace(recipe, parts=("small 2",)),
        replace(recipe, inputs=other_size),
        replace(recipe, output="rgba"),
    ]
    keys = {recipe.key(), *(each.key() for each in changed), recipe.key("torch 2.13")}
    assert len(keys) == 5
    assert replace(recipe, name="renamed").key() == recipe.key()


@pytest.mark.parametrize("z", [np.zeros((1, 7), np.float32), np.zeros((1, 8)), np.zeros(8, np.float32)])
def test_another_shape_or_type_is_refused(recipe, z):
    with pytest.raises(ValueError, match=r"small: z is .*, not float32 \(1, 8\)"):
        recipe.check({"z": z, "gain": np.ones(1, np.float32)})

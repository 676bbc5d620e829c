"""The official fixtures as models, converted once the way an artist would."""

import pytest

from installation.models.convert import Asked, convert
from tests.models.official import CASES


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def converted(home):
    """``converted(name)``: the card of a fixture."""
    made = {}

    def card(name: str):
        if name not in made:
            made[name] = convert(Asked([CASES[name].path], home, name))
        return made[name]

    return card

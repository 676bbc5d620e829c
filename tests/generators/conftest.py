"""The real models, fetched once into the user's cache, and what a show would ask of them."""

import pytest

from installation.checkpoints.catalogue import get_model
from installation.library import Library


@pytest.fixture(scope="session")
def library() -> Library:
    return Library()


@pytest.fixture(scope="session")
def eyes(library) -> str:
    get_model("omniart-eyes", library)
    return "omniart-eyes"


@pytest.fixture(scope="session")
def painters(library) -> str:
    get_model("multistyle", library)
    return "multistyle"

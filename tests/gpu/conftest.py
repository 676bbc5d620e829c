"""What only a GPU can show. ``pytest`` collects these tests where torch drives a CUDA device, and nowhere else."""

import pytest

from installation.backends.torch import has_cuda

collect_ignore_glob = [] if has_cuda() else ["test_*.py"]


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("INSTALLATION_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"

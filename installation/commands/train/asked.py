"""What every training is asked, and what follows from it for a model's name and card."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from installation.commands.models import own_home

if TYPE_CHECKING:
    from installation.training.data.about import About
    from installation.training.export import Words

UNKNOWN = "unknown: ask whoever made the pictures"


@dataclass(frozen=True, slots=True)
class Asked:
    """See ``cli/train.py``."""

    name: str = ""
    hours: float = 6.0
    steps: int | None = None
    batch: int | None = None
    device: str = "auto"
    seed: int = 0
    show_every: float = 5.0
    author: str = ""
    licence: str = ""
    home: Path | None = None

    def called(self, source: Path) -> str:
        """The name that was asked for, or else the one of the folder or picture. Raises InstallationError."""
        from installation.models.convert import checked_name, plain_name

        return checked_name(self.name or plain_name(source.resolve()))

    def training(self, name: str) -> Path:
        """Where it trains."""
        return self._home() / "training" / name

    def model(self, name: str) -> Path:
        """Where the model goes."""
        return self._home() / "models" / name

    def words(self, source: Path, about: About) -> Words:
        """What the card of a model says that learnt from this folder or picture."""
        from installation.training.export import Words

        name = self.called(source)
        return Words(
            name=name,
            title=name.replace("-", " ").replace("_", " ").capitalize(),
            licence=self.licence or about.licence or UNKNOWN,
            author=self.author or about.author or "unknown",
            source=f"trained on {about.title or source.resolve().name}" + (f": {about.source}" if about.source else ""),
            notes=f"installation train, seed {self.seed}",
        )

    def _home(self) -> Path:
        return self.home or own_home()

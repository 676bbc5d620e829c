"""The run around a trainer: a budget, checkpoints, what a person wants to see of it, and the model at the end.

A run lives in its folder and goes on there:

    training.safetensors   everything to go on with, written whole every ``Often.keep`` seconds and when stopped
    index.html             losses, the newest sheet and film, time left: open it in a browser, it renews itself
    sheets/000120.jpg      a sheet every ``Often.show`` seconds, by thousands of pictures seen
    film.mp4               the newest film
    model/                 at the end: ready for a show

With a budget of steps the same seed gives the same numbers, stopped and resumed or not, on as many ranks as before.
With one of hours the schedule follows the clock, and only time spent training counts.
"""

from __future__ import annotations

import logging
import math
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from installation.errors import InstallationError
from installation.training import checkpoint, film, page
from installation.training.device import Device
from installation.training.progress import Progress
from installation.training.ranks import ALONE, Ranks
from installation.training.trainer import Trainer

log = logging.getLogger(__name__)

KEPT = "training.safetensors"
SHEETS = "sheets"
FILM = "film.mp4"
MODEL = "model"
LOOK = 2.0  # seconds between two looks at the losses: each waits for the device

Tell = Callable[[float, str], None]  # share done, words
Score = Callable[[], float]  # KID: how far what is painted is from the pictures


@dataclass(frozen=True, slots=True)
class Budget:
    """One of the two."""

    hours: float | None = None
    steps: int | None = None

    def share(self, seconds: float, steps: int) -> float:
        used = steps / self.steps if self.steps else seconds / (3600 * (self.hours or 1.0))
        return min(1.0, used)


@dataclass(frozen=True, slots=True)
class Often:
    """Seconds between two checkpoints, and between two sheets with film and score."""

    keep: float = 120.0
    show: float = 300.0


USUAL = Often()


class Run:
    def __init__(
        self,
        trainer: Trainer,
        budget: Budget,
        folder: Path,
        device: Device,
        title: str,
        often: Often = USUAL,
        score: Score | None = None,
        tell: Tell = lambda share, words: None,
        ranks: Ranks = ALONE,
    ) -> None:
        """Goes on where the folder's checkpoint stopped, if there is one. Raises InstallationError if it is none."""
        self._trainer, self._budget, self._folder, self._device = trainer, budget, folder, device
        self._title, self._often, self._score, self._tell = title, often, score, tell
        self._ranks, self.progress = ranks, Progress()
        self._stop = threading.Event()
        (folder / SHEETS).mkdir(parents=True, exist_ok=True)
        if not ranks.first:  # other pictures than the first rank's
            torch.manual_seed(torch.initial_seed() + ranks.rank)
        if (folder / KEPT).is_file():
            self._restore()

    @property
    def share(self) -> float:
        return self._budget.share(self.progress.seconds, self.progress.steps)

    def go(self) -> bool:
        """Until the budget is spent: True, and the model is in the folder. Stopped by a signal before: False. Raises
        InstallationError when the training diverges; the checkpoint is then that of before."""
        with self._stoppable():
            finished = self._train()
        self._keep()
        if finished and self._ranks.first:
            self._show()
            with torch.no_grad():
                self._trainer.export(self._folder / MODEL, self._told())
        self._ranks.agreed(1.0)  # nobody leaves before it is all there
        return finished

    def _train(self) -> bool:
        """Whether the budget is spent."""
        progress, first = self.progress, self._ranks.first
        began, before = time.monotonic(), progress.seconds
        looked = kept = shown = began
        share, stop, _ = self._ranks.agreed(self.share, self._stop.is_set())
        while share < 1 and not stop:
            losses = self._trainer.step(share)
            progress.steps += 1
            now = time.monotonic()
            progress.seconds = before + now - began
            due = now - kept >= self._often.keep
            share, stop, keep = self._ranks.agreed(self.share, self._stop.is_set(), due)
            if first and (now - looked >= LOOK or keep or stop or share >= 1):
                looked = now
                self._look(losses)
            if first and now - shown >= self._often.show:
                shown = now
                self._show()
            if keep:
                kept = now
                self._keep()
            spent = time.monotonic() - now  # showing is not training
            began += spent
        return not stop

    def _look(self, losses: Any) -> None:
        """Before anything is written: a training that diverged does not get over the checkpoint of a sound one."""
        row = {name: float(value) for name, value in losses.items()}
        if wrong := [name for name, value in row.items() if not math.isfinite(value)]:
            raise InstallationError(
                f"the training of {self._title} diverged after {self._trainer.seen} pictures: {wrong[0]} is no number",
                f"the same command goes on from {self._folder / KEPT}, or remove that to begin anew",
            )
        self.progress.rows.append({"seconds": self.progress.seconds, "seen": float(self._trainer.seen), **row})
        words = ", ".join(f"{name} {value:.3g}" for name, value in row.items())
        self._tell(self.share, f"{self._trainer.seen / 1000:.0f} thousand pictures, {words}")

    def _show(self) -> None:
        """Must not change what comes after: the random numbers are as they were."""
        devices = [torch.cuda.current_device()] if self._device.name == "cuda" else []
        with torch.random.fork_rng(devices), torch.no_grad():
            name = f"{self._trainer.seen // 1000:06d}.jpg"
            film.picture(self._folder / SHEETS / name, self._trainer.sheet())
            film.write(self._folder / FILM, self._trainer.frames())
            if self._score is not None:
                self.progress.scores.append({"seen": float(self._trainer.seen), "kid": self._score()})
        page.write(self._folder / "index.html", self._title, self.progress, self.share, f"{SHEETS}/{name}", FILM)

    def _told(self) -> str:
        """For the card: how long, and how near it came."""
        seen, progress = self._trainer.seen * self._ranks.count, self.progress
        kid = f", KID {progress.scores[-1]['kid']:.4f}" if progress.scores else ""
        return f"{seen:,} pictures seen in {progress.seconds / 3600:.1f} hours on {self._device}{kid}"

    def _keep(self) -> None:
        own = checkpoint.random_state(self._device.torch)
        gathered = {name: self._ranks.gathered(value) for name, value in own.items()}
        if not self._ranks.first:
            return
        ranks = [{name: values[rank] for name, values in gathered.items()} for rank in range(self._ranks.count)]
        state = {
            "trainer": self._trainer.state(),
            "random": ranks,
            "seconds": self.progress.seconds,
            "steps": self.progress.steps,
            "rows": self.progress.rows,
            "scores": self.progress.scores,
        }
        checkpoint.save(self._folder / KEPT, state)

    def _restore(self) -> None:
        state = checkpoint.load(self._folder / KEPT)
        try:
            self._trainer.restore(state["trainer"])
        except (KeyError, RuntimeError, ValueError) as error:  # what torch has for other names and other shapes
            raise InstallationError(
                f"{self._folder} holds another training: what was begun there has other sizes",
                "give the options it was begun with, or another --name",
            ) from error
        if self._ranks.rank < len(state["random"]):
            checkpoint.restore_random(state["random"][self._ranks.rank])
        self.progress = Progress(state["seconds"], state["steps"], state["rows"], state["scores"])
        log.info("goes on after %.1f hours and %d pictures", self.progress.seconds / 3600, self._trainer.seen)

    @contextmanager
    def _stoppable(self) -> Iterator[None]:
        """Ctrl-C and a polite kill end the step, not the file."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, lambda *_: self._stop.set()) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


_SIGNALS = (signal.SIGINT, signal.SIGTERM)

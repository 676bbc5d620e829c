"""A training on disk: safetensors for what is large, JSON in its header for the rest. Nothing is unpickled.

Written beside the old one and renamed over it, so that a kill at any moment leaves a whole file: the old or the new.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from installation.errors import InstallationError
from installation.training.trainer import State

FORM = "1"
TENSOR = "tensor:"  # in the table, a word that starts so names a tensor of the file


def save(path: Path, state: State) -> None:
    """Raises InstallationError when the disk is full."""
    tensors: dict[str, torch.Tensor] = {}

    def plain(value: Any) -> Any:
        if isinstance(value, torch.Tensor):
            name = str(len(tensors))
            tensors[name] = value.detach().to("cpu", copy=True).contiguous()
            return TENSOR + name
        if isinstance(value, dict):
            return {str(key): plain(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [plain(item) for item in value]
        return value

    table = json.dumps(plain(state))
    beside = path.with_name(f".{path.name}.new")
    try:
        save_file(tensors, beside, {"form": FORM, "state": table})
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        os.replace(beside, path)
    except (OSError, SafetensorError) as error:
        beside.unlink(missing_ok=True)
        raise InstallationError(f"{path} cannot be written: {error}", "is the disk full?") from error


def load(path: Path, device: str = "cpu") -> State:
    """Raises InstallationError for what is no checkpoint of a training."""
    try:
        with safe_open(path, "pt", device) as file:
            head = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  # no mapping
        if head.get("form") != FORM:
            raise InstallationError(f"{path} is no checkpoint of a training", "remove it to begin anew")
        table = json.loads(head["state"])
    except (OSError, SafetensorError, ValueError, KeyError) as error:
        raise InstallationError(f"{path} cannot be read: {error}", "remove it to begin anew") from error

    def whole(value: Any) -> Any:
        if isinstance(value, str) and value.startswith(TENSOR):
            return tensors[value.removeprefix(TENSOR)]
        if isinstance(value, dict):
            return {key: whole(item) for key, item in value.items()}
        return [whole(item) for item in value] if isinstance(value, list) else value

    state: State = whole(table)
    return state


def optimiser_state(optimiser: torch.optim.Optimizer) -> State:
    """Moments by the number of the parameter."""
    return {str(key): dict(moments) for key, moments in optimiser.state_dict()["state"].items()}


def restore_optimiser(optimiser: torch.optim.Optimizer, state: State) -> None:
    """The moments in their parameters' own memory layout: a fused optimiser goes through both side by side."""
    parameters = [parameter for group in optimiser.param_groups for parameter in group["params"]]
    moments = {
        int(key): {
            name: torch.empty_like(parameters[int(key)]).copy_(value)
            if value.shape == parameters[int(key)].shape and name != "step"
            else value
            for name, value in each.items()
        }
        for key, each in state.items()
    }
    optimiser.load_state_dict({"state": moments, "param_groups": optimiser.state_dict()["param_groups"]})


def random_state(device: torch.device) -> State:
    state: State = {"cpu": torch.get_rng_state()}
    if device.type == "cuda":
        state["cuda"] = torch.cuda.get_rng_state()
    return state


def restore_random(state: State) -> None:
    torch.set_rng_state(state["cpu"].cpu())
    if "cuda" in state and torch.cuda.is_available():
        torch.cuda.set_rng_state(state["cuda"].cpu())

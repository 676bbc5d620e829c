"""What a pickle that names a global of somebody else's code is told: in one line, and what to do about it."""

from __future__ import annotations

from installation.checkpoints.foreign.records import said
from installation.errors import ModelError


def not_allowed(module: str, name: str) -> ModelError:
    """The refusal of ``module.name``."""
    whole = f"{said(module)}.{said(name)}"
    if module.split(".")[0] == "dnnlib" and "tflib" in module:
        return ModelError(
            "it is a TensorFlow StyleGAN pickle",
            "convert it with legacy.py of NVIDIA's PyTorch repository first: --source old.pkl --dest new.pkl",
        )
    if module.startswith("torch.nn.") or module.startswith("__torch__"):
        return ModelError(
            f"it holds a whole network as code ({whole}), not only its tensors",
            "where it was trained: torch.save(network.state_dict(), 'weights.pth')",
        )
    if (module, name) == ("torch._utils", "_rebuild_tensor_v3"):
        return ModelError(
            "it holds tensors of a type that is not read here (float8 or unsigned)",
            "save it again as float16 or float32",
        )
    if module == "torch.jit._pickle":
        return ModelError("it is a part of a TorchScript program")
    return ModelError(
        f"it asks for {whole}, which is not among what a checkpoint needs",
        "nothing of it was run; where it was trained, save only tensors: torch.save(network.state_dict(), ...)",
    )

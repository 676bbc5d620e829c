"""What reading one file may cost in all."""

from __future__ import annotations

from installation.errors import ModelError


class Budget:
    """What one file may cost in all. Every copy that a file can ask for is paid here *before* it is made, so a small
    file cannot ask for a large one: shared, expanded and deflated bytes count each time."""

    def __init__(self, size: int) -> None:
        self.opcodes = 200_000  # NVIDIA's largest has about 30 000, a training file 60 000; each takes 2 us
        self.copied = (8 << 20) + 4 * size  # bytes copied while reading
        self.written = written(size)

    def run(self, opcodes: int) -> None:
        self.opcodes -= opcodes
        if self.opcodes < 0:
            raise ModelError("it has more instructions than any checkpoint")

    def copy(self, bytes_: int) -> None:
        self.copied -= bytes_
        if self.copied < 0:
            raise ModelError("it unpacks to many times its own size")

    def write(self, bytes_: int) -> None:
        self.written -= bytes_
        if self.written < 0:
            raise ModelError("its tensors are many times larger than the file itself")


def written(size: int) -> int:
    """Most bytes of tensors that may come out of a file of ``size``: tied and expanded ones are written out whole."""
    return (64 << 20) + 4 * size

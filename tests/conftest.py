"""What every test needs before anything else is loaded."""

import contextlib

# A CUDA build of torch brings Triton, and Triton its own LLVM. It must be in the process before Mesa's software
# renderer brings another one: the other way round ends in a crash. A show loads its network before it opens its stage;
# tests come in any order.
with contextlib.suppress(ImportError):
    import triton  # noqa: F401

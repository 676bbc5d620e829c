"""The builder's own process: reads a job, leaves an engine in the cache. Run as ``python -m`` by ``tensorrt_build``.

A process of its own, since a builder takes minutes, holds gigabytes and may crash, while a show runs. Job (stdin) and
complaint (stdout) are one JSON table each. Exit status 0: the engine is in the cache; 3: a complaint was written.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from installation.backends import engine_cache
from installation.backends.engine_cache import Engine, Site
from installation.backends.tensorrt_runtime import CURRENT, Runtime, complaints, targets
from installation.errors import ModelError

COMPLAINED = 3
MOST_NODES = 6  # named in a complaint


@dataclass(frozen=True, slots=True)
class Job:
    """``ranges``: least and largest shape of inputs whose size may change. ``target``: ``current`` or ``sm89``."""

    name: str
    graph: str
    key: str
    site: Site
    module: str
    target: str
    ranges: Mapping[str, Sequence[Sequence[int]]]


def build(job: Job) -> Engine:
    """Raises ModelError with the parser's or the builder's own words."""
    import onnx
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

    from installation.backends.retype import retyped

    started = time.monotonic()
    api = Runtime(job.site.runtime, job.module).api
    log = complaints(api)
    source = Path(job.graph).read_bytes()
    try:
        operators = Counter(node.op_type for node in onnx.load_from_string(source).graph.node)
        graph = retyped(source, job.site.precision)
    except (DecodeError, ValueError, onnx.shape_inference.InferenceError) as error:
        raise ModelError(f"{job.name} cannot be made ready for TensorRT: {error}") from error
    try:
        builder = api.Builder(log)
    except TypeError as error:  # its way of giving nothing
        raise ModelError(f"TensorRT does not start: {log.text()}") from error
    # Newer versions know only strongly typed networks; older ones are asked for one.
    strong = getattr(api.NetworkDefinitionCreationFlag, "STRONGLY_TYPED", None)
    network = _given(builder.create_network(0 if strong is None else 1 << int(strong)), job, log)
    parser = api.OnnxParser(network, log)
    if not parser.parse(graph) or not network.num_outputs:
        raise ModelError(f"TensorRT cannot read {job.name}: {_unsupported(parser) or log.text()}")
    config = _given(builder.create_builder_config(), job, log)
    _aim(api, config, job)
    if job.site.precision == "fp32":
        config.clear_flag(api.BuilderFlag.TF32)  # fp32 means all of its digits
    if job.ranges:
        profile = _given(builder.create_optimization_profile(), job, log)
        for name, (least, most) in job.ranges.items():
            profile.set_shape(name, tuple(least), tuple(most), tuple(most))
        if config.add_optimization_profile(profile) < 0:
            raise ModelError(f"TensorRT refuses the sizes of {job.name}: {log.text()}")
    engine = _given(builder.build_serialized_network(network, config), job, log)
    return Engine(bytes(engine), time.monotonic() - started, network.num_layers, operators)


def _aim(api: Any, config: Any, job: Job) -> None:
    """Name the architecture, where the runtime can be told one; ``tensorrt`` builds for the GPU that is there."""
    known = targets(Runtime(job.site.runtime, job.module))
    if not known:
        return
    named = job.site.architecture in known
    if not named and job.target != CURRENT:
        raise ModelError(
            f"{job.site.runtime} {job.site.version} does not build for {job.target}", f"it does for {' '.join(known)}"
        )
    chosen = getattr(api.ComputeCapability, job.site.architecture.upper() if named else "CURRENT")
    config.num_compute_capabilities = 1
    if not config.set_compute_capability(chosen, 0):
        raise ModelError(f"{job.site.runtime} refuses to build for {job.target}")


def _given(made: Any, job: Job, log: Any) -> Any:
    if made is None:
        raise ModelError(f"TensorRT cannot build {job.name} for {job.site.architecture}: {log.text()}")
    return made


def _unsupported(parser: Any) -> str:
    """``Hann 'weird': plugin not found``, one for each node that the parser refused."""
    said = []
    for error in map(parser.get_error, range(parser.num_errors)):
        node = f"{error.node_operator()} '{error.node_name()}': " if error.node_operator() else ""
        said.append(node + " ".join(error.desc().split()))
    more = f"; and {len(said) - MOST_NODES} more" if len(said) > MOST_NODES else ""
    return "; ".join(said[:MOST_NODES]) + more


def main() -> int:
    table = json.load(sys.stdin)
    job = Job(**{**table, "site": Site(**table["site"])})
    try:
        engine_cache.keep(job.key, job.site, build(job))
    except ModelError as error:
        json.dump({"message": error.message, "hint": error.hint}, sys.stdout)
        return COMPLAINED
    return 0


if __name__ == "__main__":
    sys.exit(main())

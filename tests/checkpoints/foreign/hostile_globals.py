"""Pickles that would run something: each names code, in one of the containers. Real pickle would touch ``canary``."""

from __future__ import annotations

import pickle
from collections.abc import Iterator

import torch

from tests.checkpoints.foreign.payload import Touches
from tests.checkpoints.foreign.writing import (
    call,
    head,
    many,
    module,
    name,
    nested,
    network,
    number,
    pickled,
    raw,
    saved,
    storage,
    table,
    tensor,
    torch_legacy,
    torch_zip,
    word,
)  # fmt: skip

TOUCH = "touch canary"
CODE = "open('canary', 'w').close()"

# (module, name, its arguments). What a stock scanner knows, and what it has been got round with.
CALLS = [
    ("os", "system", TOUCH), ("posix", "system", TOUCH), ("nt", "system", TOUCH), ("os", "popen", TOUCH),
    ("os", "execv", TOUCH), ("os", "spawnlp", TOUCH), ("os", "remove", "canary"), ("os", "mkdir", "canary"),
    ("os", "open", "canary"), ("posix", "open", "canary"), ("subprocess", "Popen", TOUCH),
    ("subprocess", "run", TOUCH), ("subprocess", "check_output", TOUCH), ("subprocess", "getoutput", TOUCH),
    ("builtins", "eval", CODE), ("builtins", "exec", CODE), ("builtins", "compile", CODE),
    ("builtins", "open", "canary"),
    ("builtins", "__import__", "os"), ("builtins", "getattr", "system"), ("builtins", "setattr", "x"),
    ("builtins", "globals", ""), ("builtins", "print", "hello"), ("builtins", "input", ""), ("builtins", "type", "T"),
    ("builtins", "breakpoint", ""), ("builtins", "exit", "0"), ("builtins", "bytearray", "x"), ("builtins", "map", ""),
    ("builtins", "object", ""), ("builtins", "list", "x"), ("builtins", "dict", ""), ("builtins", "frozenset", "x"),
    ("__builtin__", "eval", CODE), ("__builtin__", "file", "canary"), ("__builtin__", "getattr", "system"),
    ("__main__", "main", ""), ("importlib", "import_module", "os"), ("runpy", "run_path", "canary.py"),
    ("runpy", "_run_code", CODE), ("code", "interact", ""), ("codeop", "compile_command", CODE), ("pdb", "run", CODE),
    ("bdb", "Bdb", ""), ("timeit", "timeit", CODE), ("cProfile", "run", CODE), ("profile", "run", CODE),
    ("trace", "Trace", ""), ("doctest", "debug_script", CODE), ("ensurepip", "_run_pip", "x"), ("pip", "main", "x"),
    ("pkgutil", "resolve_name", "os:system"), ("pydoc", "pipepager", TOUCH), ("platform", "popen", TOUCH),
    ("pickle", "loads", "x"), ("_pickle", "loads", "x"), ("pickle", "Unpickler", "x"), ("marshal", "loads", "x"),
    ("shelve", "open", "canary"), ("dill", "loads", "x"), ("cloudpickle", "loads", "x"), ("joblib", "load", "x"),
    ("copyreg", "_reconstructor", ""), ("copy_reg", "_reconstructor", ""), ("copyreg", "__newobj__", ""),
    ("types", "FunctionType", ""), ("types", "CodeType", ""), ("types", "SimpleNamespace", ""),
    ("functools", "partial", ""), ("functools", "reduce", ""), ("operator", "attrgetter", "system"),
    ("operator", "methodcaller", "system"), ("operator", "setitem", ""), ("_operator", "attrgetter", "system"),
    ("itertools", "starmap", ""), ("shutil", "rmtree", "canary"), ("shutil", "copy", "canary"),
    ("pathlib", "PosixPath", "canary"), ("pathlib", "Path", "canary"), ("tempfile", "mktemp", ""),
    ("io", "FileIO", "canary"),
    ("_io", "FileIO", "canary"), ("io", "open", "canary"), ("codecs", "open", "canary"), ("codecs", "encode", "x"),
    ("_codecs", "decode", "x"), ("logging", "FileHandler", "canary"), ("logging.config", "dictConfig", ""),
    ("socket", "create_connection", "x"), ("socket", "socket", ""), ("urllib.request", "urlopen", "http://127.0.0.1/"),
    ("http.client", "HTTPConnection", "127.0.0.1"), ("smtplib", "SMTP", "127.0.0.1"), ("webbrowser", "open", "x"),
    ("ctypes", "CDLL", "libc.so.6"), ("_ctypes", "dlopen", "libc.so.6"), ("sys", "exit", "0"), ("sys", "modules", ""),
    ("sys", "settrace", ""), ("atexit", "register", ""), ("signal", "signal", ""), ("threading", "Timer", ""),
    ("multiprocessing.util", "spawnv_passfds", ""), ("asyncio", "run", ""), ("gc", "get_objects", ""),
    ("inspect", "getattr_static", ""), ("weakref", "ref", ""), ("zipimport", "zipimporter", "x"),
    ("torch", "load", "canary"), ("torch.hub", "load", "x"), ("torch.jit", "load", "x"),
    ("torch.serialization", "load", "x"), ("torch._utils", "_import_dotted_name", "os.system"),
    ("torch._utils", "_rebuild_tensor_v3", ""), ("torch._utils", "_rebuild_wrapper_subclass", ""),
    ("torch._utils", "_rebuild_sparse_tensor", ""), ("torch._utils", "_rebuild_qtensor", ""),
    ("torch._tensor", "_rebuild_from_type_v2", ""), ("torch.nn.modules.linear", "Linear", ""),
    ("torch.storage", "UntypedStorage", ""), ("torch", "UntypedStorage", ""), ("torch", "QInt8Storage", ""),
    ("torch.utils.collect_env", "run", TOUCH), ("torch.fx.graph_module", "reduce_graph_module", ""),
    ("torch.package", "PackageImporter", "x"), ("torch._C", "PyTorchFileReader", "x"),
    ("torch.cuda.nvtx", "range_push", "x"), ("torch.jit._pickle", "build_intlist", ""),
    ("torch_utils.persistence", "persistent_class", ""), ("torch_utils.persistence", "_src_to_module", CODE),
    ("torch_utils.persistence", "import_hook", ""), ("torch_utils.misc", "profiled_function", ""),
    ("dnnlib.util", "get_obj_by_name", "os.system"), ("dnnlib.util", "call_func_by_name", "os.system"),
    ("dnnlib.util", "open_url", "http://127.0.0.1/"), ("dnnlib.tflib.network", "Network", ""),
    ("training.networks", "Generator", ""), ("numpy", "load", "x"), ("numpy", "fromfile", "x"),
    ("numpy", "frombuffer", "x"), ("numpy", "save", "canary"), ("numpy", "memmap", "canary"), ("numpy", "array", "x"),
    ("numpy.testing._private.utils", "runstring", CODE), ("numpy.f2py.crackfortran", "param_eval", CODE),
    ("numpy.core.multiarray", "fromfile", "x"), ("numpy.random._pickle", "__randomstate_ctor", ""),
    ("collections", "defaultdict", ""), ("collections", "Counter", ""), ("collections", "namedtuple", "x"),
    ("collections", "OrderedDict.fromkeys", ""), ("collections", "OrderedDict.__class__", ""),
    ("collections", "_sys.modules", ""), ("argparse", "Namespace", "x"), ("argparse", "FileType", "w"),
    ("argparse", "ArgumentParser", ""), ("argparse", "_sys.exit", ""), ("numpy", "ndarray.tofile", "canary"),
    ("torch", "FloatStorage", ""), ("torch", "FloatStorage.from_file", "canary"), ("pytorch_lightning", "Trainer", ""),
    ("omegaconf.dictconfig", "DictConfig", ""), ("", "", ""), ("os\0", "system", TOUCH), ("OS", "SYSTEM", TOUCH),
    (" os", "system", TOUCH), ("collections ", "OrderedDict", ""), ("builtins", "set ", ""),
    ("ｂuiltins", "eval", CODE),
]  # fmt: skip


def containers(value: bytes) -> Iterator[tuple[str, bytes]]:
    """The same value in every place that a file has for one."""
    yield "bare", pickled(value)
    yield "in a table", pickled(table({"w": value}))
    yield "zip", torch_zip(table({"w": tensor(), "x": value}))
    yield "zip, as the persistent id", torch_zip(value + b"Q")
    yield "legacy", torch_legacy(table({"w": tensor(), "x": value}))
    yield "nested storage", network(module({"w": tensor(nested(value))}))
    yield "nvidia parameter", network(module({"w": value}))
    yield "nvidia option", network(module({"w": tensor(nested())}, _init_kwargs=table({"x": value})))
    yield "nvidia beside", pickled(table({"G_ema": module({"w": tensor(nested())}), "D": value}))


def cases() -> Iterator[tuple[str, bytes]]:
    for index, (where, what, argument) in enumerate(CALLS):
        value = call(where, what, *([word(argument)] if argument else []))
        every = list(containers(value))
        for place, data in every if index < 2 else [every[index % len(every)]]:
            yield f"{where}.{what} {place}", data
    for protocol in range(6):
        yield f"os.system protocol {protocol}", pickle.dumps(Touches(), protocol)
        beside = {"a": [1.5, "x", None], "b": Touches()}
        yield f"os.system beside numbers, protocol {protocol}", pickle.dumps(beside, protocol)
        newer = max(protocol, 2)
        by_torch = saved({"w": torch.ones(2), "x": Touches()}, pickle_protocol=newer)
        yield f"os.system by torch.save, protocol {newer} ({protocol})", by_torch
        by_torch = saved({"x": Touches()}, pickle_protocol=newer, _use_new_zipfile_serialization=False)
        yield f"os.system by torch.save of old, protocol {newer} ({protocol})", by_torch
    yield "stack global", pickled(word("os") + word("system") + b"\x93" + many(word(TOUCH)) + b"R", 4)
    yield (
        "stack global from the memo",
        pickled(
            word("os") + b"\x94" + b"0" + word("system") + b"\x94" + b"0h\x00h\x01\x93" + many(word(TOUCH)) + b"R", 4
        ),
    )
    yield "stack global of no words", pickled(number(1) + word("system") + b"\x93", 4)
    yield "stack global of a name", pickled(name("collections", "OrderedDict") + word("x") + b"\x93", 4)
    yield "after the end of a good one", torch_legacy(table({"w": tensor()}))[:-24] + pickle.dumps(Touches())
    behind = torch_legacy(b"}")[len(head()) :]
    for index, part in enumerate(("magic", "version", "system")):
        yield f"in the head of a legacy file, part {index}", head(**{part: Touches()}) + behind
    yield "in the keys of a legacy file", head() + pickled(table({"w": tensor()})) + pickle.dumps([Touches()], 2)
    keys = raw(head() + pickled(storage()) + pickle.dumps(Touches(), 2))
    inner = call("torch.storage", "_load_from_bytes", keys)
    yield "in the keys of a nested one", network(module({"w": tensor(inner)}))

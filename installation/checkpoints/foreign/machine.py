"""Does a pickle's instructions over plain records. It is no unpickler: there is nothing in it to import or to call.

A global becomes a ``Name``, and only one that stands in a table of ours. REDUCE and NEWOBJ look the name up there and
get a record built by our own code; BUILD fills the few records that have a state. So nothing a pickle says can touch
an object that outlives its own reading.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from installation.checkpoints.foreign import opcodes
from installation.checkpoints.foreign.budget import Budget
from installation.checkpoints.foreign.names import Allowed, Buildable
from installation.checkpoints.foreign.records import Name, Namespace, Table, broken, said
from installation.errors import ModelError

KEYS = (str, int, float, bool, type(None))  # what may be a key: nothing whose hash runs deep


def load(view: memoryview, start: int, allowed: Allowed, budget: Budget) -> tuple[Any, int]:
    """The value of the pickle at ``start`` and where it ends. Raises ModelError."""
    end = opcodes.scan(view, start, budget)
    return _Machine(allowed, budget).run(view, start), end


class _Machine:
    def __init__(self, allowed: Allowed, budget: Budget) -> None:
        self._allowed = allowed
        self._budget = budget
        self._stack: list[Any] = []
        self._marks: list[int] = []
        self._memo: dict[int, Any] = {}

    def run(self, view: memoryview, start: int) -> Any:
        for name, argument, _ in opcodes.decode(view, start):
            if name in _PUSHED:
                self._stack.append(argument)
            elif name == "PUT":
                self._memo[argument] = self._top()
            elif name == "GET":
                self._get(argument)
            elif name == "GLOBAL":
                self._stack.append(self._allowed.name(*argument))
            elif name in _DO:
                _DO[name](self)
        return self._pop()

    def _top(self) -> Any:
        if len(self._stack) <= (self._marks[-1] if self._marks else 0):
            raise broken("it takes what was never put there")
        return self._stack[-1]

    def _pop(self) -> Any:
        self._top()
        return self._stack.pop()

    def _pop_mark(self) -> list[Any]:
        if not self._marks:
            raise broken("it takes what was never put there")
        at = self._marks.pop()
        values = self._stack[at:]
        del self._stack[at:]
        return values

    def _get(self, index: int) -> None:
        if index not in self._memo:
            raise broken("it asks for a value that was never kept")
        self._stack.append(self._memo[index])

    def _discard(self) -> None:
        if self._marks and self._marks[-1] == len(self._stack):
            self._marks.pop()
        else:
            self._pop()

    def _push(self, value: Any) -> None:
        self._stack.append(value)

    def _tuple(self, length: int) -> None:
        values = [self._pop() for _ in range(length)]
        self._stack.append(tuple(reversed(values)))

    def _extend(self, values: list[Any]) -> None:
        target = self._top()
        if type(target) is not list:
            raise broken("it appends to what is no list")
        target += values

    def _set(self, values: list[Any]) -> None:
        target = self._top()
        if type(target) not in (dict, Table):
            raise broken("it sets an entry of what is no table")
        fill(target, values)

    def _add(self) -> None:
        values = self._pop_mark()
        target = self._top()
        if type(target) is not set:
            raise broken("it adds to what is no set")
        for value in values:
            target.add(key(value))

    def _one(self) -> list[Any]:
        return [self._pop()]

    def _pair(self) -> list[Any]:
        value, name = self._pop(), self._pop()
        return [name, value]

    def _stack_global(self) -> None:
        name, module = self._pop(), self._pop()
        self._stack.append(self._allowed.name(module, name))

    def _reduce(self) -> None:
        arguments, function = self._pop(), self._pop()
        call = self._allowed.calls.get((function.module, function.name)) if type(function) is Name else None
        if call is None or type(arguments) is not tuple:
            raise _not_called(function)
        self._stack.append(call(arguments, self._budget))

    def _newobj(self) -> None:
        arguments, made = self._pop(), self._pop()
        new = self._allowed.news.get((made.module, made.name)) if type(made) is Name else None
        if new is None or type(arguments) is not tuple or arguments:
            raise _not_called(made)
        self._stack.append(new())

    def _build(self) -> None:
        state, target = self._pop(), self._top()
        if isinstance(target, Buildable):
            target.build(state, self._budget)
        elif type(target) is Namespace:
            if type(state) is not dict:
                raise broken("options in it are no table")
            target.values = state
        elif type(target) is not Table:  # attributes of a Table: torch keeps versions there, we need none
            raise ModelError(
                f"it rewrites {_called(target)}, which a checkpoint has no need of", "nothing of it was run"
            )

    def _persistent(self) -> None:
        if self._allowed.persistent is None:
            raise ModelError("it refers to things outside itself, which this kind of file does not")
        self._stack.append(self._allowed.persistent(self._pop()))


_PUSHED = {"INT", "FLOAT", "LONG", "WORD", "BYTES"}
_DO: dict[str, Callable[[_Machine], Any]] = {  # PROTO, FRAME and STOP do nothing
    "MARK": lambda m: m._marks.append(len(m._stack)),
    "MEMOIZE": lambda m: m._memo.update({len(m._memo): m._top()}),
    "POP": _Machine._discard,
    "POP_MARK": _Machine._pop_mark,
    "DUP": lambda m: m._push(m._top()),
    "NONE": lambda m: m._push(None),
    "NEWTRUE": lambda m: m._push(True),
    "NEWFALSE": lambda m: m._push(False),
    "EMPTY_LIST": lambda m: m._push([]),
    "EMPTY_DICT": lambda m: m._push({}),
    "EMPTY_SET": lambda m: m._push(set()),
    "EMPTY_TUPLE": lambda m: m._push(()),
    "LIST": lambda m: m._push(m._pop_mark()),
    "DICT": lambda m: m._push(fill({}, m._pop_mark())),
    "TUPLE": lambda m: m._push(tuple(m._pop_mark())),
    "TUPLE1": lambda m: m._tuple(1),
    "TUPLE2": lambda m: m._tuple(2),
    "TUPLE3": lambda m: m._tuple(3),
    "APPEND": lambda m: m._extend(m._one()),
    "APPENDS": lambda m: m._extend(m._pop_mark()),
    "SETITEM": lambda m: m._set(m._pair()),
    "SETITEMS": lambda m: m._set(m._pop_mark()),
    "ADDITEMS": _Machine._add,
    "STACK_GLOBAL": _Machine._stack_global,
    "REDUCE": _Machine._reduce,
    "NEWOBJ": _Machine._newobj,
    "BUILD": _Machine._build,
    "BINPERSID": _Machine._persistent,
}


def key(value: Any) -> Any:
    """A value that may be a key of a table or a member of a set."""
    if type(value) not in KEYS:
        raise ModelError(f"a table in it is keyed by {said(value)}, which no checkpoint's is")
    return value


def fill(table: dict[Any, Any], values: list[Any]) -> dict[Any, Any]:
    if len(values) % 2:
        raise broken("a table in it has a key without a value")
    for name, value in zip(values[::2], values[1::2], strict=True):
        table[key(name)] = value
    return table


def _called(value: Any) -> str:
    return f"{said(value.module)}.{said(value.name)}" if type(value) is Name else said(value)


def _not_called(value: Any) -> ModelError:
    return ModelError(f"it calls {_called(value)}, which a checkpoint has no need of", "nothing of it was run")

"""JSON with places."""

from __future__ import annotations

import json
from typing import Any

import pytest

from installation.stage.header_json import HeaderError, Value, parse


def plain(value: Value) -> Any:
    if isinstance(value.data, dict):
        return {key: plain(inside) for key, inside in value.data.items()}
    return [plain(inside) for inside in value.data] if isinstance(value.data, list) else value.data


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        '\t{ "a": [1, -2.5, 3e-2, 0], "b": {"c": null, "d": true}, "e": false }\r\n',
        '["\\u00e9\\n\\"", "ünï/*"]',
        "1E+2",
    ],
)
def test_it_reads_what_the_standard_library_reads(text: str) -> None:
    assert plain(parse(text)) == json.loads(text)


def test_every_value_knows_where_it_stands() -> None:
    text = '{ "a": [ 10, "b" ] }'
    read = parse(text)
    items = read.data["a"]
    assert [text[offset] for offset in (read.offset, items.offset, *(one.offset for one in items.data))] == list('{[1"')


@pytest.mark.parametrize(
    ("text", "message", "offset"),
    [
        ("", "expected a value", 0),
        ('{"a": 1,}', "expected a value", 8),
        ('{"a" 1}', "expected :", 5),
        ('{"a": 1 "b": 2}', "expected , or }", 8),
        ("{a: 1}", "expected a value", 1),
        ("{1: 1}", "expected a key in double quotes", 1),
        ('{"a": 1, "a": 2}', '"a" is written twice', 9),
        ("[1 2]", "expected , or ]", 3),
        ("[1", "expected , or ]", 2),
        ("[01]", "expected a value", 1),
        ("['a']", "expected a value", 1),
        ("[NaN]", "expected a value", 1),
        ('["a\nb"]', "expected a value", 1),
        ('["\\x"]', "a string with a bad escape", 1),
        ("{} {}", "expected the end of the header", 3),
        ("[" * 40, "nested too deeply", 17),
    ],
)
def test_what_is_wrong_and_where(text: str, message: str, offset: int) -> None:
    with pytest.raises(HeaderError) as caught:
        parse(text)
    assert (str(caught.value), caught.value.offset) == (message, offset)

"""The document reader: values, places, and every way a file can be hostile or merely wrong."""

from pathlib import Path

import pytest

from installation import document
from installation.document import Document, read
from installation.errors import InstallationError, Mistakes


@pytest.fixture
def written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(text: str | bytes) -> Path:
        path = tmp_path / "a.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.fixture
def parse(written):
    return lambda text: read(written(text))


@pytest.fixture
def refusal(written):
    """First line and hint of the only mistake in a text."""

    def first(text: str | bytes) -> tuple[str, str]:
        with pytest.raises(Mistakes) as caught:
            read(written(text))
        (mistake,) = caught.value.mistakes
        return f"{mistake.line}:{mistake.column}: {mistake.message}", mistake.suggestion

    return first


SCALARS = {
    "1": 1,
    "-7": -7,
    "0": 0,
    "0x1F": 31,
    "1e5": 1e5,
    ".5": 0.5,
    "2.": 2.0,
    "-1.5e-3": -0.0015,
    "yes": True,
    "On": True,
    "TRUE": True,
    "no": False,
    "off": False,
    "~": None,
    "": None,
    "null": None,
    "12:30:45": "12:30:45",
    "2024-01-01": "2024-01-01",
    "010": "010",
    "1_000": "1_000",
    "0.4s": "0.4s",
    "y": "y",
    "'1'": "1",
    '"no"': "no",
    "hands.left | smooth 0.4s": "hands.left | smooth 0.4s",
    "a#b": "a#b",
    "=": "=",
}


@pytest.mark.parametrize("text", SCALARS)
def test_scalars_mean_what_most_readers_say_and_stay_text_where_they_differ(parse, text):
    value = parse(f"a: {text}\n").value["a"]
    assert value == SCALARS[text]
    assert type(value) is type(SCALARS[text])


def test_a_long_whole_number_costs_no_quadratic_time(parse):
    assert parse("a: " + "9" * 300).value == {"a": 1e300}


def test_keys_are_text_whatever_they_look_like(parse):
    assert parse("on: 1\n3: 2\n1.5: 3\nnull: 4\n").value == {"on": 1, "3": 2, "1.5": 3, "null": 4}


def test_anchors_give_the_same_value_twice(parse):
    document = parse("a: &x {b: [1, 2]}\nc: *x\n")
    assert document.value == {"a": {"b": [1, 2]}, "c": {"b": [1, 2]}}
    assert document.where(("c",), at="key") == (2, 1)
    assert document.where(("c", "b", 1)) == (1, 15)  # the value stands where it was written


def test_an_alias_may_be_a_key(parse):
    assert parse("a: &x b\n*x : 2\n").value == {"a": "b", "b": 2}


def test_places_of_keys_values_and_items(parse):
    document = parse("top: 1\nstage:\n  size: 640x480\n  passes:\n    - between\n    - {glow: {amount: 0.2}}\n")
    assert document.where(("top",)) == (1, 6)
    assert document.where(("stage",), at="key") == (2, 1)
    assert document.where(("stage", "size"), at="key") == (3, 3)
    assert document.where(("stage", "size")) == (3, 9)
    assert document.where(("stage", "passes", 0)) == (5, 7)
    assert document.where(("stage", "passes", 1, "glow", "amount")) == (6, 23)
    assert document.where(("stage", "nothing"), at="key") == (2, 1)  # what is missing is its table's fault
    assert document.lines[2] == "  size: 640x480"


@pytest.mark.parametrize(
    ("text", "offset", "place"),
    [
        ("a: one two\n", 4, (1, 8)),
        ("a: 'one two'\n", 4, (1, 9)),
        ('a: "one two"\n', 4, (1, 9)),
        ("a: &x one two\n", 4, (1, 11)),
        ("a: one\n   two\n", 4, (2, 4)),
        ("a: >\n  one\n  two\n", 4, (3, 3)),
        ("a: |-\n  one\n  two\n", 0, (2, 3)),
        ("a: one\n", 3, (1, 7)),
        ("a: 'one'\n", 3, (1, 8)),
        ("größe: größer als\n", 7, (1, 15)),
    ],
)
def test_a_place_inside_a_text(parse, text, offset, place):
    mistake = next(iter(parse(text).root.fields.values())).mistake("x", offset=offset)
    assert (mistake.line, mistake.column) == place


def test_crlf_and_a_byte_order_mark_leave_places_alone(parse):
    document = parse(b"\xef\xbb\xbfa: 1\r\nb:\r\n  c: 2\r\n")
    assert document.value == {"a": 1, "b": {"c": 2}}
    assert document.where(("a",), at="key") == (1, 1)
    assert document.where(("b", "c")) == (3, 6)
    assert document.mistake(("b", "c"), "x").text == "  c: 2"


def test_a_mistake_has_the_line_as_written(parse):
    mistake = parse("a: 1\nb: [2, 3]\n").mistake(("b", 1), "three is too many", "try two", "installation new")
    assert str(mistake) == (
        "a.yaml:2:8: three is too many\n    b: [2, 3]\n           ^\n    try two  to list the choices: installation new"
    )


def test_files_below_the_working_folder_are_shown_relative(tmp_path, monkeypatch):
    (tmp_path / "shows").mkdir()
    monkeypatch.chdir(tmp_path)
    assert document.shown(tmp_path / "shows" / "a.yaml") == "shows/a.yaml"
    assert document.shown(Path("shows/a.yaml")) == "shows/a.yaml"
    monkeypatch.chdir(tmp_path / "shows")
    assert document.shown(tmp_path / "b.yaml") == str(tmp_path / "b.yaml")


HOSTILE = {
    "a:\n\tb: 1\n": ("2:1: a tab cannot stand here", "indent with spaces"),
    "a: b: c\n": ("1:5: a ':' cannot stand here", "check the indentation, or quote a text that has ': ' in it"),
    'a: "b\nc: 1\n': ("1:4: this quote is never closed", ""),
    "a: 1\nfoo\nb: 2\n": ("2:1: a ':' is missing after this", "write key: value"),
    "a: [1, 2\nb: 3\n": ("2:2: a ',' or ']' is missing before this, in what was opened in line 1", ""),
    "a: {b: 1\nc: 3\n": ("2:2: a ',' or '}' is missing before this, in what was opened in line 1", ""),
    "a:\n  b: 1\n c: 2\n": ("3:2: this does not line up with the lines above it", "check the indentation"),
    "a: @b\n": ("1:4: '@' cannot begin a value", "put the text in quotes"),
    'a: "\\q"\n': ("1:6: '\\q' means nothing in double quotes", "use single quotes"),
    "a: * 2\n": ("1:4: a text cannot begin with '*'", "put it in quotes"),
    "a: *b\n": ("1:4: nothing is named '&b' above this alias", "quote a text that begins with '*'"),
    "a: &a [*a]\n": ("1:8: the alias '*a' stands inside what it names", ""),
    "a: 1\n---\nb: 2\n": ("2:1: a second document begins here: one file holds one", "remove the '---'"),
    "a: 1\na: 2\n": ("2:1: 'a' is given twice, first in line 1", "remove one of the two"),
    "a: &x {b: 1}\nc:\n  <<: *x\n": ("3:3: merge keys ('<<') are not read here", "use include: or tokens:"),
    "[a, b]: 1\n": ("1:1: a key must be plain text", "quote a text that begins with '{' or '['"),
    "a: &x [1]\n*x : 1\n": ("2:1: a key must be plain text", ""),
    "'': 1\n": ("1:1: this key has no name", ""),
    "a: .nan\n": ("1:4: .nan is not a finite number", ""),
    "a: -.inf\n": ("1:4: -.inf is not a finite number", ""),
    "a: 1e400\n": ("1:4: 1e400 is not a finite number", ""),
    "a: " + "9" * 400: ("1:4: " + "9" * 400 + " is not a finite number", ""),
    "": ("1:1: the file is empty", ""),
    "# only words\n": ("1:1: the file is empty", ""),
    "- a\n": ("1:1: the top of the file must be a table of 'key: value' lines", ""),
    "hello\n": ("1:1: the top of the file must be a table of 'key: value' lines", ""),
    "a: \a\n": ("1:4: a control character (0x07) cannot stand in the file", ""),
    "a: !!python/object/apply:os.system [ls]\n": (
        "1:4: the tag '!!python/object/apply:os.system' is not read here",
        "write the plain value",
    ),
    b"a: 1\nb: caf\xe9\n": ("2:7: this is not UTF-8 text (byte 0xe9)", "save the file as UTF-8"),
    "a: 1".encode("utf-16"): ("1:1: this is not UTF-8 text (byte 0xff)", "save the file as UTF-8"),
    "a: " + "[" * 100_000: ("1:35: this is nested deeper than 32 levels", ""),
    "a: " + "{a: " * 10_000: ("1:125: this is nested deeper than 32 levels", ""),
    "- " * 10_000: ("1:65: this is nested deeper than 32 levels", ""),
    "a: [" + "1," * 30_000 + "1]": ("1:39999: the file holds more than 20000 values", ""),
    "a: &a 1\nb: [" + "*a," * 101 + "]": ("2:305: the file has more than 100 aliases", ""),
    "x" * (document.MOST_BYTES + 1): ("1:1: the file is larger than 1 MiB", ""),
}


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:24]))
def test_refused_with_its_place_in_a_clear_line(refusal, text):
    assert refusal(text) == HOSTILE[text]


def test_aliases_of_aliases_cost_what_they_unfold_to(refusal):
    levels = "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))
    message, _ = refusal(f"a0: &a0 [{','.join('x' * 9)}]\n{levels}")
    assert message == "5:14: the file holds more than 20000 values"


def test_an_alias_counts_with_its_own_depth(refusal):
    deep = "[" * 20 + "]" * 20
    message, _ = refusal(f"a: &a {deep}\nb: {'[' * 15}*a{']' * 15}\n")
    assert message == "2:19: this is nested deeper than 32 levels"


def test_slips_that_leave_a_tree_are_all_found_and_reading_goes_on(written):
    path = written("a: 1\na: 2\nb: .inf\nc: 3\n")
    with pytest.raises(Mistakes) as caught:
        read(path)
    assert [mistake.line for mistake in caught.value.mistakes] == [2, 3]
    found = []
    result = read(path, found)
    assert isinstance(result, Document)
    assert result.value["c"] == 3
    assert [mistake.line for mistake in found] == [2, 3]


def test_what_is_no_file_is_said_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InstallationError, match=r"^there is no file none\.yaml$"):
        read(Path("none.yaml"))
    with pytest.raises(InstallationError, match="there is no file"):
        read(tmp_path)


def test_a_hostile_line_cannot_steer_the_terminal(written):
    with pytest.raises(Mistakes) as caught:
        read(written("a: 1 # \x1b[2J\n"))
    assert "\x1b" not in str(caught.value)

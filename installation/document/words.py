"""YAML's own words made into a line and a hint that help somebody who never read its specification."""

from __future__ import annotations

import yaml


def friendly(error: yaml.MarkedYAMLError, text: str) -> tuple[int, str, str]:
    """Where the mistake was made (not where it was noticed), message and hint."""
    problem = error.problem or error.context or ""
    noticed = error.problem_mark or error.context_mark
    begun = error.context_mark or noticed
    index = noticed.index if noticed else 0
    start = begun.index if begun else 0
    character = text[index : index + 1]
    if "cannot start any token" in problem and character == "\t":
        return index, "a tab cannot stand here", "indent with spaces"
    if "cannot start any token" in problem:
        return index, f"'{character}' cannot begin a value", "put the text in quotes"
    if "mapping values are not allowed" in problem:
        return index, "a ':' cannot stand here", "check the indentation, or quote a text that has ': ' in it"
    if "could not find expected ':'" in problem:
        return start, "a ':' is missing after this", "write key: value"
    if "end of stream" in problem and "quoted scalar" in (error.context or ""):
        return start, "this quote is never closed", ""
    if problem.startswith("expected ',' or"):
        bracket = "]" if "']'" in problem else "}"
        line = text.count("\n", 0, start) + 1
        return index, f"a ',' or '{bracket}' is missing before this, in what was opened in line {line}", ""
    if problem.startswith("expected <block end>"):
        return index, "this does not line up with the lines above it", "check the indentation"
    if problem.startswith("expected the node content") and index >= len(text.rstrip()):
        return len(text.rstrip()), "the file ends before this is complete", "a value or a closing bracket is missing"
    if "unknown escape character" in problem:
        return index, f"'\\{character}' means nothing in double quotes", "use single quotes"
    if problem.startswith("expected alphabetic or numeric character") and text[start : start + 1] in ("*", "&"):
        return start, f"a text cannot begin with '{text[start]}'", "put it in quotes"
    return index, f"this is not YAML: {problem}", ""

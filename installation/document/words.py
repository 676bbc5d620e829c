"""YAML's own words made into a line and a hint that help somebody who never read its specification."""

from __future__ import annotations

import yaml


def friendly(error: yaml.MarkedYAMLError, text: str) -> tuple[str, str]:
    """Message and hint."""
    problem = error.problem or error.context or ""
    index = error.problem_mark.index if error.problem_mark else 0
    character = text[index : index + 1]
    if "cannot start any token" in problem and character == "\t":
        return "a tab cannot stand here", "indent with spaces"
    if "cannot start any token" in problem:
        return f"'{character}' cannot begin a value", "put the text in quotes"
    if "mapping values are not allowed" in problem:
        return "a ':' cannot stand here", "check the indentation, or put a text that has ': ' in it in quotes"
    if "could not find expected ':'" in problem:
        return "the line before is no 'key: value'", "a ':' is missing, or a quote is not closed"
    if "end of stream" in problem and "quoted scalar" in (error.context or ""):
        return "the file ends inside a quoted text", "close the quote"
    if problem.startswith("expected ',' or"):
        bracket = "]" if "']'" in problem else "}"
        return f"a ',' or the closing '{bracket}' is missing before this", ""
    if problem.startswith("expected <block end>"):
        return "this does not line up with the lines above it", "check the indentation"
    if "unknown escape character" in problem:
        return f"'\\{character}' means nothing in a text in double quotes", "use single quotes"
    return f"this is not YAML: {problem}", ""

"""Writing a scenario as TOML, for people to read and edit (tomllib only reads).

Numbers are written by repr, so that reading gives back the same bits; text is escaped so that any Unicode text comes
back, control characters included.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from simulator.errors import SimulatorError

__all__ = ["to_toml"]

WIDTH = 110
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")


def to_toml(document: Mapping[str, Any], *, comment: str = "") -> str:
    """Write a nested dict as a TOML document.

    Parameters
    ----------
    document : mapping
        Text, booleans, integers, floats, lists and mappings with text keys, nested as you like.
    comment : str
        Put at the top, one comment line for each of its lines.

    Returns
    -------
    str
        ``tomllib.loads`` of it gives `document` back (tuples as lists).

    Raises
    ------
    SimulatorError
        A value or key that TOML cannot hold, such as None.

    Examples
    --------
    >>> text = to_toml({"title": "A deal", "issue": [{"name": "price", "vendor": [0.0, 0.5]}]}, comment="by hand")
    >>> print(text, end="")
    # by hand
    <BLANKLINE>
    title = "A deal"
    <BLANKLINE>
    [[issue]]
    name = "price"
    vendor = [0.0, 0.5]
    """
    blocks = ["\n".join(_CONTROL.sub("?", f"# {line}".rstrip()) for line in comment.splitlines())]
    blocks += _tables(document, "", "")
    return "\n\n".join(block for block in blocks if block) + "\n"


def _tables(table: Mapping[str, Any], path: str, header: str) -> Iterator[str]:
    """Give one block of lines for the table itself, then one for every table below it."""
    lines = [header] if header else []
    below: list[tuple[str, Mapping[str, Any], str]] = []
    for key, value in table.items():
        name = _key(key)
        inner = f"{path}.{name}" if path else name
        if isinstance(value, Mapping):
            below.append((inner, value, f"[{inner}]"))
        elif isinstance(value, (list, tuple)) and value and all(isinstance(item, Mapping) for item in value):
            below.extend((inner, item, f"[[{inner}]]") for item in value)
        else:
            lines.append(f"{name} = {_value(value, len(name) + 3)}")
    yield "\n".join(lines)
    for inner, value, head in below:
        yield from _tables(value, inner, head)


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise SimulatorError(f"a TOML key must be text; got {key!r}")
    return key if _BARE_KEY.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise SimulatorError(f"text with half of a surrogate pair cannot be written as TOML: {text!r}")
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: object, indent: int) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return float.__repr__(value)  # not repr: that of a NumPy float names its type
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(key)} = {_value(item, 0)}" for key, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, (list, tuple)):
        return _list([_value(item, 0) for item in value], indent)
    raise SimulatorError(f"TOML cannot hold {value!r}; text, booleans, numbers, lists and tables can be written")


def _list(items: list[str], indent: int) -> str:
    line = f"[{', '.join(items)}]"
    if indent + len(line) <= WIDTH:
        return line
    lines = [""]
    for item in items:
        if lines[-1] and len(lines[-1]) + len(item) + 6 > WIDTH:
            lines.append("")
        lines[-1] += f" {item}," if lines[-1] else f"    {item},"
    return "[\n" + "\n".join(lines) + "\n]"

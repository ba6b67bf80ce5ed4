"""Files that strangers wrote, read with care, for the GENIUS import.

Everything is bounded and offline: the size of a file, the number and the depth of its elements. XML goes through expat
itself, because that gives the line of every element; a DOCTYPE is refused where it begins, and without one there are no
entities to expand and nothing to fetch.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any, NoReturn
from xml.parsers import expat

from simulator.errors import ScenarioError
from simulator.scenario.genius_parts import close, refuse, unique

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_ELEMENTS", "Element", "Source", "read_source"]

MAX_BYTES = 20_000_000
MAX_ELEMENTS = 200_000
MAX_DEPTH = 32


@dataclass(slots=True)
class Element:
    """One XML element: its tag, attributes and children, and the line on which it begins. Text is dropped."""

    tag: str
    attributes: dict[str, str]
    line: int
    children: list[Element] = field(default_factory=list)

    def named(self, tag: str) -> list[Element]:
        """Give the children with this tag, in the order of the file."""
        return [child for child in self.children if child.tag == tag]

    def descendants(self) -> Iterator[Element]:
        """Give this element and everything below it, in the order of the file."""
        yield self
        for child in self.children:
            yield from child.descendants()


@dataclass(frozen=True)
class Source:
    """A file as parsed: the path as the user gave it, and an XML tree or a JSON object."""

    file: str
    tree: Element | dict[str, Any]

    @property
    def name(self) -> str:
        """The file name without folders."""
        return Path(self.file).name


def read_source(path: str | PathLike[str]) -> Source:
    """Read a file as XML or JSON, whichever its first character says.

    Raises
    ------
    ScenarioError
        The file is absent, a folder, too large, neither XML nor JSON, broken, or has a DOCTYPE.
    """
    file = str(path)
    data = _read_bytes(Path(path), file)
    first = data.lstrip(b"\xef\xbb\xbf\xfe\xff\x00 \t\r\n")[:1]
    if first == b"<":
        return Source(file, _parse_xml(data, file))
    if first in (b"{", b"["):
        return Source(file, _parse_json(data, file))
    what = "is neither XML nor JSON" if first else "is empty"
    return refuse(file, what, "a GENIUS domain or profile (.xml) or a GeniusWeb one (.json)")


def _read_bytes(path: Path, file: str) -> bytes:
    allowed = "a GENIUS .xml or GeniusWeb .json file"
    try:
        mode = path.stat().st_mode
        data = b""
        if stat.S_ISREG(mode):
            with path.open("rb") as stream:
                data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        refuse(file, "no such file", allowed, close(path.name, _names_in(path.parent)))
    except OSError as error:
        refuse(file, f"cannot be read: {error.strerror}", allowed)
    except ValueError as error:  # a path that no file can have
        refuse(file, f"cannot be read: {error}", allowed)
    if not stat.S_ISREG(mode):
        refuse(file, "is a folder" if stat.S_ISDIR(mode) else "is not an ordinary file", allowed)
    if len(data) > MAX_BYTES:
        refuse(file, "is too large for a negotiation domain", f"at most {MAX_BYTES / 1e6:g} MB")
    return data


def _names_in(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _parse_xml(data: bytes, file: str) -> Element:
    parser = expat.ParserCreate()
    top = Element("", {}, 0)
    path = [top]
    elements = 0

    def begin(tag: str, attributes: dict[str, str]) -> None:
        nonlocal elements
        elements += 1
        line = parser.CurrentLineNumber
        if elements > MAX_ELEMENTS:
            refuse(file, "has too many elements", f"at most {MAX_ELEMENTS}", line=line)
        if len(path) > MAX_DEPTH:
            refuse(file, "is nested too deeply", f"at most {MAX_DEPTH} levels", line=line)
        element = Element(tag, attributes, line)
        path[-1].children.append(element)
        path.append(element)

    def end(_tag: str) -> None:
        path.pop()

    def doctype(*_declared: object) -> None:
        refuse(
            file,
            "has a DOCTYPE",
            "plain XML without declarations: entities are neither expanded nor fetched",
            "GENIUS files have none; delete it if you trust the file",
            line=parser.CurrentLineNumber,
        )

    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        hint = "save the file as UTF-8" if "token" in expat.ErrorString(error.code) and not _is_utf8(data) else ""
        refuse(file, f"is not well-formed XML: {expat.ErrorString(error.code)}", "", hint, line=error.lineno)
    except ScenarioError:
        raise
    except (LookupError, ValueError):  # the declared encoding: unknown to Python, or one that expat cannot map
        refuse(file, "declares an encoding that cannot be read", "UTF-8", "save the file as UTF-8", line=1)
    return top.children[0]


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _parse_json(data: bytes, file: str) -> dict[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        unique(((name, None) for name, _ in pairs), file, "the name")
        return dict(pairs)

    def constant(text: str) -> NoReturn:
        refuse(file, f"holds {text}", "finite numbers")

    def integer(text: str) -> float:
        # Thousands of digits are slow to read and cannot be meant; as a float they are refused where they are used.
        return int(text) if len(text) < 20 else float(text)

    try:
        text = data.decode(json.detect_encoding(data))
        tree = json.loads(text, object_pairs_hook=once, parse_constant=constant, parse_int=integer)
    except UnicodeDecodeError:
        refuse(file, "is not text in the encoding that JSON demands", "UTF-8", "save the file as UTF-8")
    except json.JSONDecodeError as error:
        refuse(file, f"is not valid JSON: {error.msg}", line=error.lineno)
    except RecursionError:
        refuse(file, "is nested too deeply", "a GeniusWeb domain or profile")
    if not isinstance(tree, dict):
        refuse(file, "is a JSON list", "a GeniusWeb domain or profile, which is a JSON object")
    return tree

"""From a TOML file to a scenario, or to every fault of the file at once with its line.

The one door is `build`: a document (nested dict) goes in, a `Scenario` or a `ScenarioError` comes out. Layers above
add what they can check (tactics, notes), so that their faults are listed together with those found here, for a file
and for a changed copy alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path as FilePath
from typing import Any

from simulator.errors import Fault, ScenarioError, nearest
from simulator.scenario.estimates import Estimate, Found, find_estimates, put
from simulator.scenario.market_faults import market_problems
from simulator.scenario.positions import Path, find_line, key_lines
from simulator.scenario.schema import Scenario, keys_of
from simulator.scenario.structure import Problem, shown, structure_problems

__all__ = ["Check", "WholeCheck", "add_check", "add_whole_check", "build", "read_scenario", "read_toml"]

Check = Callable[[Mapping[str, Any]], Iterable[Problem]]
WholeCheck = Callable[[Scenario], Iterable[Problem]]

LARGEST_FILE = 10_000_000  # bytes; far above any honest scenario

_TYPES = {
    "float_type": "a number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "string_type": "text in quotes",
    "bool_type": "true or false",
    "tuple_type": "a list in [ ]",
    "model_type": "a table { key = value }",
    "model_attributes_type": "a table { key = value }",
    "finite_number": "a finite number",
    "string_too_short": "not empty",
    "string_pattern_mismatch": "letters, digits, dots and dashes, beginning with a letter or digit",
}


_checks: list[Check] = []
_whole_checks: list[WholeCheck] = []


def add_check(check: Check) -> None:
    """Have every document checked by a layer above too; adding the same check again changes nothing."""
    if check not in _checks:
        _checks.append(check)


def add_whole_check(check: WholeCheck) -> None:
    """The same for a check that needs a scenario without other faults, such as one that computes something of it."""
    if check not in _whole_checks:
        _whole_checks.append(check)


def read_scenario(path: FilePath) -> Scenario:
    """Load one scenario file.

    Parameters
    ----------
    path : Path
        The TOML file.

    Raises
    ------
    ScenarioError
        Every fault of the file, each with its line; a syntax error alone.
    """
    document, lines = read_toml(path)
    return build(document, place=str(path), lines=lines)


def read_toml(path: FilePath) -> tuple[dict[str, Any], dict[Path, int]]:
    """Read a TOML file: the document, and the line of every key.

    Raises
    ------
    ScenarioError
        When the file cannot be read or is not valid TOML, with the line.
    """
    text = _read_text(path)
    import tomllib

    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        import re

        line = re.search(r"at line (\d+)", str(error))
        what = "not valid TOML: " + re.sub(r" \(at .*\)$", "", str(error))
        where = int(line[1]) if line else text.count("\n") + 1
        raise ScenarioError([Fault(what, "nothing else was checked", file=str(path), line=where)]) from None
    except RecursionError:
        raise ScenarioError([Fault("tables nested too deeply", file=str(path))]) from None
    except ValueError as error:  # a whole number of thousands of digits
        what = f"not valid TOML: {str(error).partition(';')[0]}"
        raise ScenarioError([Fault(what, "nothing else was checked", file=str(path))]) from None
    return document, key_lines(text)


def build(document: Mapping[str, Any], *, place: str = "", lines: dict[Path, int] | None = None) -> Scenario:
    """Validate a scenario document (the shape of the TOML file) and return the scenario.

    Raises
    ------
    ScenarioError
        Every fault, in the order of the file.
    """
    found = find_estimates(document)
    scenario, wrong = _validated(found.document)
    problems = [*wrong, *found.problems]
    if not wrong:
        problems += [problem for estimate in found.estimates for problem in _at_its_ends(found, estimate)]
    if problems or scenario is None:
        where = lines or {}
        faults = [Fault(p.what, p.allowed, p.hint, file=place, line=find_line(where, p.path)) for p in problems]
        faults.sort(key=lambda fault: fault.line or 0)
        raise ScenarioError(dict.fromkeys(faults))
    return scenario.with_estimates(found.estimates) if found.estimates else scenario


def _validated(document: Mapping[str, Any]) -> tuple[Scenario | None, list[Problem]]:
    """The scenario of a document without ranges, or None and everything that is wrong with it."""
    from pydantic import ValidationError

    problems = [*structure_problems(document), *market_problems(document)]
    for check in _checks:
        problems.extend(check(document))
    try:
        scenario = Scenario.model_validate(_freeze(document))
    except ValidationError as error:
        return None, [*_schema_problems(error, document), *problems]
    if not problems:
        from simulator.scenario.segments import segment_problems

        problems = list(segment_problems(scenario))
        for whole in _whole_checks if not problems else ():
            problems.extend(whole(scenario))
    return scenario, problems


def _at_its_ends(found: Found, estimate: Estimate) -> Iterable[Problem]:
    """What is wrong where a number known only as a range lies at the low or the high end of it."""
    for end in ("low", "high"):
        moved = put(found.document, estimate.path, getattr(estimate, end))
        for problem in _validated(moved)[1]:
            yield Problem((*estimate.path, end), f"at its {end} end {problem.what}", problem.allowed, problem.hint)


def _read_text(path: FilePath) -> str:
    def refuse(what: str, allowed: str = "") -> ScenarioError:
        return ScenarioError([Fault(what, allowed, file=str(path))])

    if path.is_dir():
        raise refuse("this is a folder", "allowed: one TOML file")
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise refuse("the file is too large", f"at most {LARGEST_FILE // 1_000_000} MB")
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        beside = [str(other) for other in path.parent.glob("*.toml")] if path.parent.is_dir() else []
        raise ScenarioError([Fault("no such file", "", nearest(str(path), beside), file=str(path))]) from None
    except UnicodeDecodeError as error:
        raise refuse(f"not UTF-8 text (byte {error.start})", "save the file as UTF-8") from None
    except OSError as error:
        raise refuse(f"cannot be read: {error.strerror}") from None


def _freeze(value: Any) -> Any:
    """Lists as tuples, deeply: the schema holds immutable values."""
    if isinstance(value, Mapping):
        return {key: _freeze(inner) for key, inner in value.items()}
    return tuple(_freeze(inner) for inner in value) if isinstance(value, list | tuple) else value


def _schema_problems(error: Any, document: Mapping[str, Any]) -> Iterable[Problem]:
    """Pydantic's complaints in plain words, those about the same value joined."""
    groups: dict[tuple[Path, bool], list[dict[str, Any]]] = {}
    for item in error.errors(include_url=False):
        path = _path_in(document, item["loc"], item["type"])
        groups.setdefault((path, item["type"] in ("missing", "extra_forbidden")), []).append(item)
    for (path, about_key), items in groups.items():
        # Of a value that may be of several kinds, a complaint about its inside says more than one about its kind.
        if not about_key and any(len(other) > len(path) and other[: len(path)] == path for other, _ in groups):
            continue
        names = tuple(part for part in path if isinstance(part, str))
        label = _label(document, path)
        if about_key and items[0]["type"] == "missing":
            yield Problem(path, f"{label} is missing", "it is required")
        elif about_key:
            allowed = keys_of(names[:-1])
            hint = nearest(str(path[-1]), allowed)
            yield Problem(path, f"unknown key {label}", "allowed: " + ", ".join(allowed) if allowed else "", hint)
        else:
            value = _at(document, path)
            got = shown(value)
            # A deeper complaint is the more telling one; of a choice of types, name them all.
            said = dict.fromkeys(_allowed(item, got) for item in items)
            hints = [nearest(value, _literals(item)) for item in items] if isinstance(value, str) else []
            yield Problem(path, f"{label} is {got}", "allowed: " + " or ".join(said), next((h for h in hints if h), ""))


def _path_in(document: Any, loc: tuple[int | str, ...], kind: str) -> Path:
    """The part of a pydantic location that stands in the document (it also names types and union members)."""
    path: list[int | str] = []
    here = document
    for i, part in enumerate(loc):
        inside = isinstance(here, Mapping) and part in here
        if inside or (isinstance(here, list | tuple) and isinstance(part, int) and part < len(here)):
            path.append(part)
            here = here[part]
        elif kind == "missing" and i == len(loc) - 1:
            path.append(part)
    return tuple(path)


def _at(document: Any, path: Path) -> Any:
    for part in path:
        document = document[part]
    return document


def _label(document: Any, path: Path) -> str:
    """A value's name as a reader of the file would say it: ``issue 'price', vendor``."""
    words: list[str] = []
    here = document
    for part in path:
        inside = part in here if isinstance(here, Mapping) else isinstance(part, int) and part < len(here)
        here = here[part] if inside else None
        if isinstance(part, str):
            words.append(part)
        elif isinstance(here, Mapping) and isinstance(here.get("name"), str):
            words[-1] += f" '{here['name']}'"
        else:
            words[-1] += f" {part + 1}"
    return (
        words[0] + (" " + ".".join(words[1:]) if " " in words[0] else "." + ".".join(words[1:]))
        if (len(words) > 1)
        else (words[0] if words else "the file")
    )


def _literals(item: Mapping[str, Any]) -> list[str]:
    import re

    return re.findall(r"'([^']+)'", item.get("ctx", {}).get("expected", "")) if item["type"] == "literal_error" else []


def _allowed(item: Mapping[str, Any], got: str) -> str:
    kind, context = item["type"], item.get("ctx", {})
    if kind in _TYPES:
        return _TYPES[kind]
    if kind == "literal_error":
        return " or ".join(repr(word) for word in _literals(item))
    if kind == "greater_than_equal":
        return f"at least {context['ge']:g}"
    if kind == "greater_than":
        return f"more than {context['gt']:g}"
    if kind == "less_than_equal":
        return "a number from 0 to 1" if context["le"] == 1 else f"at most {context['le']:g}"
    if kind == "too_short":
        return f"at least {context['min_length']} of them"
    return f"{item['msg'].lower()} (got {got})"

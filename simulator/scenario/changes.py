"""Changing a scenario by dotted keys: the paths of ``replace`` and of ``--set``."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from simulator.errors import Fault, ScenarioError, nearest
from simulator.scenario.estimates import is_estimate
from simulator.scenario.schema import DEFAULT_POSTURES, TABLES, keys_of

__all__ = ["changed_document", "parse_setting"]


def parse_setting(text: str) -> tuple[str, Any]:
    """Read one ``KEY=VALUE`` of the command line; the value is TOML, or else a plain word.

    Examples
    --------
    >>> parse_setting("relationship.slip=0.05")
    ('relationship.slip', 0.05)
    >>> parse_setting("maturity.reinvest=best-reply")
    ('maturity.reinvest', 'best-reply')
    """
    import tomllib

    key, equals, value = text.partition("=")
    if not equals or not key.strip() or not value.strip():
        raise ScenarioError(
            [Fault(f"cannot read the setting {text!r}", "write KEY=VALUE, e.g. relationship.slip=0.05")]
        )
    try:
        return key.strip(), tomllib.loads("value = " + value)["value"]
    except ValueError:  # also a whole number of thousands of digits, which is no TOMLDecodeError
        # .05 is no TOML, but what people type.
        pointed = re.fullmatch(r"[+-]?(\.\d+|\d+\.)(e[+-]?\d+)?", value.strip(), re.IGNORECASE)
        return key.strip(), float(value) if pointed else value.strip()


def changed_document(document: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of a scenario document with `changes` (dotted key to value) made.

    Raises
    ------
    ScenarioError
        One fault for each key that does not exist.
    """
    changed: dict[str, Any] = _thaw(copy.deepcopy(dict(document)))
    faults: list[Fault] = []
    for key, value in changes.items():
        try:
            _set(changed, key.split("."), _thaw(value), key)
        except ScenarioError as error:
            faults.extend(error.faults)
    if faults:
        raise ScenarioError(faults)
    return changed


def _thaw(value: Any) -> Any:
    """Tuples as lists and numpy values as plain ones, deeply: a document that can be changed in place."""
    if hasattr(value, "tolist"):  # numpy numbers and arrays, as a sweep in a notebook hands them in
        return value.tolist()
    if isinstance(value, Mapping):
        return {key: _thaw(inner) for key, inner in value.items()}
    return [_thaw(inner) for inner in value] if isinstance(value, list | tuple) else value


def _set(document: dict[str, Any], parts: list[str], value: Any, key: str) -> None:
    here: Any = document
    names: tuple[str, ...] = ()
    if len(parts) > 1 and parts[0] in ("posture", "vendor_posture", "client_posture") and parts[0] not in document:
        here[parts[0]] = _implied_postures(parts[0], key)
    for i, part in enumerate(parts):
        last = i == len(parts) - 1
        if isinstance(here, list):
            index = _entry(here, part, key)
            if last:
                here[index] = value
                return
            here = here[index]
            continue
        names = (*names, part)
        if names == ("segment", "set") and not last:  # what follows is itself a dotted key
            here[part] = {**(here.get(part) or {}), ".".join(parts[i + 1 :]): value}
            return
        table = names[:-1]
        # A key of a table that the schema knows must be one of its keys; inside a tactic any parameter may stand.
        if table in TABLES and part not in keys_of(table):
            raise ScenarioError([_unknown(key, part, keys_of(table))])
        if last:
            here[part] = value
            return
        following = here.get(part)
        if following is None:
            if names not in TABLES and names != ("deal",):
                raise ScenarioError([_unknown(key, ".".join(parts[: i + 2]), ())])
            following = {}
        elif (is_estimate(following) or isinstance(following, int | float)) and parts[i + 1] in ("vendor", "client"):
            following = {"vendor": following, "client": following}  # one number stood for both sides
        elif isinstance(following, str) and part == "tactic":
            following = {"name": following}
        elif not isinstance(following, dict | list):
            raise ScenarioError([Fault(f"unknown key {key!r}", f"{'.'.join(parts[: i + 1])} is a plain value")])
        here[part] = following
        here = following


def _implied_postures(table: str, key: str) -> list[Any]:
    """The default postures, written out so that one of them can be changed."""
    if table != "posture":
        raise ScenarioError([Fault(f"unknown key {key!r}", f"this scenario has no [[{table}]]")])
    return [_thaw(posture.model_dump(by_alias=True)) for posture in DEFAULT_POSTURES]


def _entry(entries: list[Any], part: str, key: str) -> int:
    if part.isdecimal() and int(part) < len(entries):
        return int(part)
    named = [str(entry.get("name", "")) if isinstance(entry, dict) else "" for entry in entries]
    if part in named:
        return named.index(part)
    known = [name for name in named if name] or [str(i) for i in range(len(entries))]
    raise ScenarioError([_unknown(key, part, known)])


def _unknown(key: str, part: str, names: tuple[str, ...] | list[str]) -> Fault:
    return Fault(f"unknown key {key!r}", "allowed here: " + ", ".join(names) if names else "", nearest(part, names))

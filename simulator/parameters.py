"""Things that are named and have parameters (tactics, agents): how they are declared, checked, written and read.

A named class is a frozen dataclass with a ``name`` and fields made by `parameter`; it only stores its parameters.
Written form: ``tit-for-tat`` or ``generous-tit-for-tat(generosity=0.3)``; several are separated by commas.
"""

from __future__ import annotations

import dataclasses
import math
import numbers
import re
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Self, TypeVar

from simulator.errors import SimulatorError, UnknownNameError, nearest

__all__ = ["Named", "make", "parameter", "parse_call", "parse_calls"]

N = TypeVar("N", bound="Named")


def parameter(
    default: Any,
    *,
    low: float = -math.inf,
    high: float = math.inf,
    above: float = -math.inf,
    choices: tuple[str, ...] = (),
) -> Any:
    """Declare a parameter of a named class: its default and what is allowed.

    The type follows from the default: ``True``/``False``, a whole number, a number, or one of `choices`; a default of
    None means a number that is worked out when it is not given.
    """
    return dataclasses.field(
        default=default, metadata={"low": low, "high": high, "above": above, "choices": choices, "kind": type(default)}
    )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Named:
    """Base of tactics and agents: immutable, hashable and comparable by name and parameters."""

    name: ClassVar[str] = ""
    kind: ClassVar[str] = "thing"

    def __post_init__(self) -> None:
        for item in dataclasses.fields(self):
            if "kind" in item.metadata:
                value = _checked(f"{self.kind} {self.name!r}: {item.name}", getattr(self, item.name), item.metadata)
                object.__setattr__(self, item.name, value)

    def parameters(self) -> dict[str, Any]:
        """Every parameter with its value."""
        return {item.name: getattr(self, item.name) for item in dataclasses.fields(self)}

    def with_parameters(self, **changes: Any) -> Self:
        """A copy with some parameters changed."""
        return dataclasses.replace(self, **changes)

    def __str__(self) -> str:
        given = [
            f"{item.name}={_written(getattr(self, item.name))}"
            for item in dataclasses.fields(self)
            if getattr(self, item.name) != item.default
        ]
        return f"{self.name}({', '.join(given)})" if given else self.name


def make(registry: Mapping[str, type[N]], kind: str, name: str, parameters: Mapping[str, Any]) -> N:
    """Make the thing called `name` with `parameters`.

    Raises
    ------
    UnknownNameError
        When nothing of this kind has that name.
    SimulatorError
        When it has no such parameter, or the value is not allowed.
    """
    if name not in registry:
        raise UnknownNameError(kind, name, registry)
    known = [item.name for item in dataclasses.fields(registry[name])]
    for key in parameters:
        if key not in known:
            allowed = "its parameters: " + ", ".join(known) if known else "it has no parameters"
            hint = nearest(key, known)
            raise SimulatorError(f"{kind} {name!r} has no parameter {key!r}; {allowed}" + (f"; {hint}" if hint else ""))
    return registry[name](**parameters)


def parse_calls(text: str) -> list[tuple[str, dict[str, Any]]]:
    """Read a list such as ``"tit-for-tat, generous-tit-for-tat(generosity=0.3)"``.

    Examples
    --------
    >>> parse_calls("grim, random(p=0.3)")
    [('grim', {}), ('random', {'p': 0.3})]
    """
    parts, depth, start = [], 0, 0
    for i, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append(text[start:i])
            start = i + 1
    parts.append(text[start:])
    return [parse_call(part) for part in parts if part.strip()]


def parse_call(text: str) -> tuple[str, dict[str, Any]]:
    """Read one name with optional parameters in brackets.

    Raises
    ------
    SimulatorError
        When the text is not of the form ``name`` or ``name(key=value, ...)``.
    """
    found = re.fullmatch(r"\s*([A-Za-z][\w-]*)\s*(?:\(([^()]*)\))?\s*", text)
    if found is None:
        raise SimulatorError(f"cannot read {text.strip()!r}; write name or name(parameter=value)")
    parameters = {}
    for part in filter(str.strip, (found[2] or "").split(",")):
        key, equals, value = part.partition("=")
        if not equals or not key.strip() or not value.strip():
            raise SimulatorError(f"cannot read {part.strip()!r} in {text.strip()!r}; write parameter=value")
        parameters[key.strip()] = _read(value.strip())
    return found[1], parameters


def _read(text: str) -> Any:
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    for convert in (int, float):
        try:
            return convert(text)
        except ValueError:
            continue
    fraction = re.fullmatch(r"(\d+)/([1-9]\d*)", text)
    return int(fraction[1]) / int(fraction[2]) if fraction else text.strip("\"'")


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else _number(value) if isinstance(value, float) else str(value)


def _number(value: float) -> str:
    """Six digits where they say all, else every digit: two different things must not be written alike."""
    short = f"{value:.6g}"
    return short if float(short) == value else repr(value)


def _checked(label: str, value: Any, rule: Mapping[str, Any]) -> Any:
    got = _shown(value)
    if rule["choices"]:
        if value in rule["choices"]:
            return value
        hint = nearest(value, rule["choices"]) if isinstance(value, str) else ""
        raise SimulatorError(f"{label} is {got}; allowed: {_alternatives(rule['choices'])}" + (hint and f"; {hint}"))
    kind = rule["kind"]
    if kind is bool:
        if isinstance(value, bool):
            return value
        raise SimulatorError(f"{label} is {got}; allowed: true or false")
    if value is None and kind is type(None):
        return None
    whole = kind is int
    fits = isinstance(value, numbers.Real) and not isinstance(value, bool) and _finite(value)
    if whole and fits:
        fits = float(value).is_integer()
    number = float(value) if fits else math.nan
    if not rule["low"] <= number <= rule["high"] or number <= rule["above"]:
        raise SimulatorError(f"{label} is {got}; allowed: {_bounds(rule, whole)}")
    return int(value) if whole else number


def _finite(value: numbers.Real) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number that no float can hold
        return False


def _shown(value: Any) -> str:
    try:
        text = repr(value)
    except ValueError:  # whole numbers of thousands of digits have no decimal form
        return "a number of thousands of digits"
    return text if len(text) <= 60 else text[:57] + "..."


def _alternatives(words: Iterable[str]) -> str:
    return " or ".join(repr(word) for word in words)


def _bounds(rule: Mapping[str, Any], whole: bool) -> str:
    noun = "a whole number" if whole else "a number"
    if rule["above"] > -math.inf:
        return f"{noun} above {rule['above']:g}"
    if rule["high"] < math.inf:
        return f"{noun} from {rule['low']:g} to {rule['high']:g}"
    return f"{noun} of at least {rule['low']:g}" if rule["low"] > -math.inf else noun

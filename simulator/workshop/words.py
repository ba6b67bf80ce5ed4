"""The words on the screens: one catalogue file per language, found by dotted keys, with plural forms.

A message is a sentence with named places, ``"{seats} of {expected} are here"``, or a table of plural forms,
``{ one = "1 pair", other = "{count} pairs" }``, of which `count` picks one (`two` where two are "both"). Values are put
in as they are: a page escapes the whole sentence, so a name can never become markup.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from simulator.errors import SimulatorError, UnknownNameError

__all__ = ["Words", "words"]


class Words:
    """The messages of one language.

    Examples
    --------
    >>> said = Words({"pairs": {"one": "one pair", "other": "{count} pairs"}, "seat": {"hello": "Hello, {name}"}})
    >>> said("seat.hello", name="Otter"), said("pairs", count=1), said("pairs", count=15)
    ('Hello, Otter', 'one pair', '15 pairs')
    """

    def __init__(self, catalogue: Mapping[str, Any]) -> None:
        self._messages = dict(_flat(catalogue, ""))

    def __call__(self, key: str, /, **values: object) -> str:
        """The message of that key with the values put in.

        Raises
        ------
        UnknownNameError
            When the catalogue has no such message.
        """
        message = self._messages.get(key)
        if message is None:
            count = values.get("count")
            form = "one" if count == 1 else "two" if count == 2 else "other"
            message = self._messages.get(f"{key}.{form}", self._messages.get(f"{key}.other"))
        if message is None:
            raise UnknownNameError("message", key, self._messages)
        return message.format_map(_Named(key, values)) if "{" in message else message

    def __contains__(self, key: object) -> bool:
        return key in self._messages or f"{key}.other" in self._messages

    def __iter__(self) -> Iterator[str]:
        return iter(self._messages)


class _Named(dict[str, object]):
    """Values by name; a place without a value is a fault of the caller and says which."""

    def __init__(self, key: str, values: Mapping[str, object]) -> None:
        super().__init__(values)
        self.key = key

    def __missing__(self, name: str) -> object:
        raise SimulatorError(f"message {self.key!r} needs a value for {name!r}")


def _flat(tree: Mapping[str, Any], before: str) -> Iterator[tuple[str, str]]:
    for name, inner in tree.items():
        if isinstance(inner, Mapping):
            yield from _flat(inner, f"{before}{name}.")
        else:
            yield f"{before}{name}", str(inner)


@cache
def words(language: str = "en") -> Words:
    """The catalogue of a language, read once.

    Raises
    ------
    UnknownNameError
        When there is no file for that language.
    """
    folder = files("simulator.workshop") / "messages"
    known = sorted(one.name.removesuffix(".toml") for one in folder.iterdir() if one.name.endswith(".toml"))
    if language not in known:
        raise UnknownNameError("language", language, known)
    return Words(tomllib.loads((folder / f"{language}.toml").read_text(encoding="utf-8")))

"""Loading scenarios with everything checked that the layers below can check: data, tactics, notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from simulator.bargaining.tactics import TACTICS, tactic
from simulator.errors import SimulatorError, UnknownNameError, nearest
from simulator.games.notes import NOTES
from simulator.markets.fitting import one_role_problems, segment_mix_problems
from simulator.scenario.library import find_scenario, shipped_scenarios
from simulator.scenario.loading import add_check, add_whole_check, build, read_scenario
from simulator.scenario.schema import Scenario
from simulator.scenario.structure import Problem

__all__ = ["import_genius", "load_scenario", "scenarios"]


def load_scenario(name_or_path: str | Path) -> Scenario:
    """Load a scenario by its name in the library, or from a TOML file.

    Parameters
    ----------
    name_or_path : str or Path
        ``"saas-renewal"``, or a path such as ``"my-deal.toml"``.

    Returns
    -------
    Scenario
        An immutable, hashable value.

    Raises
    ------
    ScenarioError
        Every fault of the file at once, each as ``file:line: what is wrong; what is allowed; did you mean``.
    UnknownNameError
        When no scenario has that name; the message lists the nearest ones.

    Examples
    --------
    >>> import simulator as ns
    >>> ns.load_scenario("saas-renewal").title
    'Enterprise SaaS renewal'
    """
    return read_scenario(find_scenario(name_or_path))


def scenarios() -> dict[str, str]:
    """Names and titles of the shipped scenarios.

    Examples
    --------
    >>> import simulator as ns
    >>> ns.scenarios()["saas-renewal"]
    'Enterprise SaaS renewal'
    """
    return {name: load_scenario(name).title for name in shipped_scenarios()}


def import_genius(domain: str | Path, vendor: str | Path, client: str | Path, *, real_steps: int = 11) -> Scenario:
    """Import a negotiation domain with two profiles in GENIUS (XML) or GeniusWeb (JSON) format.

    Parameters
    ----------
    domain, vendor, client : str or Path
        The domain file and the profiles of the two sides.
    real_steps : int
        Options into which an issue of type real is cut.

    Returns
    -------
    Scenario

    Raises
    ------
    ScenarioError
        When a file cannot be read faithfully, with file and line.
    """
    from simulator.scenario.genius import read_genius

    return checked_document(read_genius(domain, vendor, client, real_steps=real_steps).document)


def checked_document(document: Mapping[str, Any]) -> Scenario:
    """A scenario from a document in the shape of the file, with everything checked that `load_scenario` checks."""
    return build(document)


def intended_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    """Notes that a scenario means to have and that do not exist, or are listed twice."""
    said = document.get("intended")
    intended = tuple(said) if isinstance(said, list | tuple) else ()
    for i, name in enumerate(intended):
        if not isinstance(name, str):
            continue  # the schema says so
        path = ("intended", i)
        if name not in NOTES:
            yield Problem(path, f"unknown note {name!r}", "allowed: " + ", ".join(NOTES), nearest(name, NOTES))
        elif name in intended[:i]:
            yield Problem(path, f"intended lists the note {name!r} twice", "each note once")


def tactic_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    """Tactics of postures that do not exist, are misused, or are random."""
    for table in ("posture", "vendor_posture", "client_posture"):
        postures = document.get(table)
        for i, posture in enumerate(postures if isinstance(postures, list | tuple) else ()):
            choice = posture.get("tactic") if isinstance(posture, Mapping) else None
            if isinstance(choice, Mapping) and isinstance(choice.get("name"), str):
                name, parameters = choice["name"], {key: value for key, value in choice.items() if key != "name"}
            elif isinstance(choice, str):
                name, parameters = choice, {}
            else:
                continue
            path = (table, i, "tactic")
            fit = [known for known, cls in TACTICS.items() if cls.deterministic]
            if name not in TACTICS:
                yield Problem(path, f"unknown tactic {name!r}", "allowed: " + ", ".join(fit), nearest(name, fit))
            elif not TACTICS[name].deterministic:
                what = f"tactic {name!r} is random, and a posture needs one outcome"
                yield Problem(path, what, "allowed: " + ", ".join(fit))
            else:
                try:
                    tactic(name, **parameters)
                except (SimulatorError, UnknownNameError) as error:
                    yield Problem(path, str(error))


add_check(tactic_problems)
add_check(intended_problems)
add_whole_check(one_role_problems)
add_whole_check(segment_mix_problems)

"""Negotiation domains of GENIUS (XML) and GeniusWeb (JSON) as scenarios.

A domain file lists the issues; one profile per side says what each option is worth to it. The sum over the issues of
weight times e is the value of a deal on the scale of GENIUS. Two things differ from GENIUS and are remarked on where
they matter: a value above 1 (weights that sum to more) is not capped, and the discount factor is ignored.

Source: R. Lin, S. Kraus, T. Baarslag, D. Tykhonov, K. Hindriks, C. M. Jonker, "Genius: an integrated environment for
supporting the design of generic automated negotiators", Computational Intelligence 30 (2014) 48-70.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from simulator.errors import SimulatorError
from simulator.scenario.genius_files import Element, Source, read_source
from simulator.scenario.genius_parts import MAX_OPTIONS, Domain, Profile, refuse
from simulator.scenario.genius_web import json_domain, json_profile
from simulator.scenario.genius_xml_domain import xml_domain
from simulator.scenario.genius_xml_profile import xml_profile
from simulator.scenario.toml_writer import to_toml

__all__ = ["GeniusImport", "read_genius", "to_toml"]


@dataclass(frozen=True)
class GeniusImport:
    """A scenario made from GENIUS files.

    Attributes
    ----------
    document : dict
        The scenario in the shape of the TOML file; `to_toml` writes it.
    remarks : tuple of str
        What was ignored or decided, as far as it matters, in plain words.
    """

    document: dict[str, Any]
    remarks: tuple[str, ...]


def read_genius(
    domain: str | PathLike[str],
    vendor: str | PathLike[str],
    client: str | PathLike[str],
    *,
    real_steps: int = 11,
    id: str | None = None,
    title: str | None = None,
) -> GeniusImport:
    """Read a domain and two profiles, all three in GENIUS XML or all three in GeniusWeb JSON.

    Parameters
    ----------
    domain, vendor, client : path
        The domain file and the profile of each side.
    real_steps : int
        The number of equally spaced values that stand for a real issue of GENIUS XML, at least 2.
    id, title : str, optional
        Of the scenario; made from the name of the domain file where not given.

    Returns
    -------
    GeniusImport
        One issue of the scenario for each of the domain, in its order; the value of an option is weight times e.

    Raises
    ------
    ScenarioError
        A file that cannot be read or understood; the message names file, line, issue and option.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> def write(name, text):
    ...     _ = (folder / name).write_text(text)
    ...     return folder / name
    >>> domain = write(
    ...     "rent_domain.xml",
    ...     '<negotiation_template><utility_space><objective><issue index="1" name="rent">'
    ...     '<item value="low"/><item value="high"/></issue></objective></utility_space></negotiation_template>',
    ... )
    >>> profile = (
    ...     '<utility_space><reservation value="0.25"/><objective><issue index="1" name="rent"><item value="low" '
    ...     'evaluation="%s"/><item value="high" evaluation="%s"/></issue><weight index="1" value="1"/></objective>'
    ...     "</utility_space>"
    ... )
    >>> imported = read_genius(domain, write("owner.xml", profile % (1, 4)), write("tenant.xml", profile % (8, 2)))
    >>> imported.document["issue"]
    [{'name': 'rent', 'options': ['low', 'high'], 'vendor': [0.25, 1.0], 'client': [1.0, 0.25]}]
    >>> imported.document["id"], imported.document["client"]
    ('rent', {'name': 'tenant', 'outside_option': 0.25})
    """
    if not 2 <= real_steps <= MAX_OPTIONS:
        raise SimulatorError(f"real_steps is {real_steps}; a real issue needs 2 to {MAX_OPTIONS} values")
    source = read_source(domain)
    issues = _domain(source, real_steps)
    remarks = list(issues.remarks)
    sides: dict[str, tuple[Source, Profile]] = {}
    for side, path in (("vendor", vendor), ("client", client)):
        given = read_source(path)
        profile = _profile(given, source, issues)
        remarks += profile.remarks
        remarks += _value_remarks(profile, given.name)
        sides[side] = (given, profile)
    name = _plain_name(source.name)
    document = {
        "id": id if id is not None else _slug(name),
        "title": title if title is not None else name,
        "summary": f"Imported from {source.name}, with {sides['vendor'][0].name} as the vendor's profile and "
        f"{sides['client'][0].name} as the client's.",
        "currency": "points",
        **{
            side: {"name": Path(given.name).stem, "outside_option": profile.reservation}
            for side, (given, profile) in sides.items()
        },
        "issue": [
            {
                "name": issue.name,
                "options": list(issue.options),
                "vendor": list(sides["vendor"][1].values[position]),
                "client": list(sides["client"][1].values[position]),
            }
            for position, issue in enumerate(issues.issues)
        ],
        "negotiation": {"rounds": 100, "first_offer": "vendor", "tolerance": 1e-4},
        "posture": [
            {"name": "claim", "tactic": "hard-bargainer", "effort": 1.0, "counts_as": "compete"},
            {"name": "build", "tactic": "principled", "effort": 1.0, "counts_as": "cooperate"},
        ],
    }
    return GeniusImport(document, tuple(dict.fromkeys(remarks)))


def _domain(source: Source, real_steps: int) -> Domain:
    if isinstance(source.tree, Element):
        return xml_domain(source.tree, source.file, source.name, real_steps)
    return json_domain(source.tree, source.file)


def _profile(given: Source, source: Source, domain: Domain) -> Profile:
    if isinstance(given.tree, Element) and isinstance(source.tree, Element):
        return xml_profile(given.tree, given.file, given.name, domain)
    if isinstance(given.tree, dict) and isinstance(source.tree, dict):
        return json_profile(given.tree, given.file, given.name, domain, source.tree)
    forms = ("XML", "JSON") if isinstance(given.tree, Element) else ("JSON", "XML")
    return refuse(given.file, f"is {forms[0]}, but the domain is {forms[1]}", "all three files in the same format")


def _value_remarks(profile: Profile, name: str) -> list[str]:
    remarks = []
    total = sum(profile.weights)
    best = sum(max(values) for values in profile.values)
    if best > 1 + 1e-9:
        remarks.append(
            f"{name}: the weights sum to {total:.6g}, so deals are worth up to {best:.6g}; GENIUS would cap them at 1, "
            "here they are not capped"
        )
    elif abs(total - 1) > 1e-6:
        remarks.append(f"{name}: the weights sum to {total:.6g}, not 1; they are used as they stand")
    if profile.reservation > best:
        remarks.append(
            f"{name}: the reservation value {profile.reservation:.6g} is above the best deal ({best:.6g}), so this "
            "side will never agree"
        )
    return remarks


def _plain_name(file_name: str) -> str:
    stem = Path(file_name).stem
    return re.sub(r"[\s_-]*(domain|template)$", "", stem, flags=re.IGNORECASE) or stem


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "genius-domain"

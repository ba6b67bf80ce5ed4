"""Which pairs of a comparison a plot names: asked for by number or name, or those worth a look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from simulator.errors import SimulatorError, UnknownNameError
from simulator.runner.compare import extreme

if TYPE_CHECKING:
    from simulator.runner.compare import Comparison

__all__ = ["Pair", "PairNames", "as_pairs", "notable_pairs", "pair_of"]

Pair = tuple[int, int]
PairNames = Sequence[tuple[int | str, int | str]]

ON_BOTH_SIDES = ("always-compete", "tit-for-tat", "always-cooperate")


def notable_pairs(comparison: Comparison, *, most: int = 5) -> list[Pair]:
    """Rows and columns of the pairs worth naming, the best first.

    Best and worst joint value, both competing, both tit-for-tat, both cooperating; then, while there is room, the
    longest and the shortest, and the best for the vendor and for the client.

    Examples
    --------
    >>> import simulator as ns
    >>> table = ns.compare(ns.load_scenario("saas-renewal"), vendors="grim, tit-for-tat", clients="tit-for-tat")
    >>> notable_pairs(table)
    [(1, 0), (0, 0)]
    """
    chosen: dict[Pair, None] = {}
    for pair in _candidates(comparison):
        if pair is not None and len(chosen) < most:
            chosen[pair] = None
    return list(chosen)


def _candidates(comparison: Comparison) -> Iterator[Pair | None]:
    yield extreme(comparison.joint_value, largest=True)
    yield extreme(comparison.joint_value, largest=False)
    for name in ON_BOTH_SIDES:
        yield pair_of(comparison, name, name)
    yield extreme(comparison.length, largest=True)
    yield extreme(comparison.length, largest=False)
    yield extreme(comparison.vendor_captured, largest=True)
    yield extreme(comparison.client_captured, largest=True)


def pair_of(comparison: Comparison, vendor: str, client: str) -> Pair | None:
    """Row and column of a pair given by names; None where it is not in the comparison."""
    rows, columns = _names(comparison)
    if vendor not in rows or client not in columns:
        return None
    return rows.index(vendor), columns.index(client)


def as_pairs(comparison: Comparison, pairs: PairNames | None) -> list[Pair]:
    """Rows and columns of pairs given by number or name; the notable ones for None.

    Raises
    ------
    UnknownNameError, SimulatorError
        For an agent or a number that the comparison does not have, or no pair at all.
    """
    if pairs is None:
        return notable_pairs(comparison)
    if not pairs:
        raise SimulatorError("pairs is empty; name at least one pair as (vendor, client)")
    rows, columns = _names(comparison)
    return [(_place("vendor", vendor, rows), _place("client", client, columns)) for vendor, client in pairs]


def _names(comparison: Comparison) -> tuple[list[str], list[str]]:
    return [str(agent) for agent in comparison.vendors], [str(agent) for agent in comparison.clients]


def _place(side: str, asked: int | str, names: list[str]) -> int:
    if isinstance(asked, str):
        if asked not in names:
            raise UnknownNameError(f"{side} agent of this comparison", asked, names)
        return names.index(asked)
    if not 0 <= asked < len(names):
        raise SimulatorError(f"there is no {side} agent {asked}; they are numbered from 0 to {len(names) - 1}")
    return int(asked)

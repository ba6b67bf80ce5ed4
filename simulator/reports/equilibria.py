"""The equilibria of a game in sentences, with what the list leaves out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simulator.games.stage import StageGame
from simulator.solvers.equilibria import Equilibria, Equilibrium

__all__ = ["equilibrium_sentences", "mix_words"]

NAMED = 5  # equilibria named one by one


def equilibrium_sentences(game: StageGame) -> list[str]:
    """Say the equilibria among the postures of a game: which, which to expect, and what is not listed.

    Examples
    --------
    >>> import simulator as ns
    >>> equilibrium_sentences(ns.stage_game(ns.load_scenario("saas-renewal")))
    ['One equilibrium among these postures: squeeze with squeeze (30.3, 30.3).']
    >>> for sentence in equilibrium_sentences(ns.stage_game(ns.load_scenario("stag-hunt"))):
    ...     print(sentence)
    3 equilibria among these postures: 1) play safe with play safe (2.0, 2.0); 2) commit with commit (4.0, 4.0); \
3) 67% commit, 33% play safe with 67% commit, 33% play safe (2.7, 2.7).
    The one to expect is 2), as payoff-dominant.
    """
    found = game.equilibria()
    if not len(found):
        return ["No equilibrium among these postures was found; that is no proof that there is none."]
    said = [_list(game, found)]
    if len(found) > 1:
        said.append(_expected(found))
    said += [_continuum(group, len(found)) for group in found.continua]
    if not found.complete:
        counted = f" of {found.count:,}" if found.count is not None else ""
        said.append(f"The list is not complete: {len(found):,}{counted}, by {found.method}.")
    return said


def _list(game: StageGame, found: Equilibria) -> str:
    if len(found) == 1:
        return f"One equilibrium among these postures: {_named(game, found.equilibria[0])}."
    named = [f"{k}) {_named(game, e)}" for k, e in enumerate(found.equilibria[:NAMED], 1)]
    rest = len(found) - len(named)
    more = f"; and {rest:,} more" if rest else ""
    return f"{len(found):,} equilibria among these postures: {'; '.join(named)}{more}."


def _named(game: StageGame, e: Equilibrium) -> str:
    pair = f"{mix_words(game.vendor_postures, e.row)} with {mix_words(game.client_postures, e.column)}"
    return f"{pair} ({_amount(e.row_payoff)}, {_amount(e.column_payoff)})"


def _amount(value: float) -> str:
    return f"{round(value, 1) + 0.0:,.1f}"


def _expected(found: Equilibria) -> str:
    if found.selected is None or found.selection_reason.startswith("first"):
        return "None of them is best for both sides or stands out by what both gain: which one to expect is open."
    number = found.equilibria.index(found.selected) + 1
    return f"The one to expect is {number}), as {found.selection_reason}."


def _continuum(group: Sequence[int], of: int) -> str:
    # Positions past the named ones would mean nothing to a reader.
    which = ", ".join(f"{k + 1})" for k in group) if max(group) < NAMED else f"{len(group):,} of the {of:,}"
    return f"{which} are ends of one continuum: mixtures of two that share a strategy are equilibria too."


def mix_words(names: Sequence[str], shares: NDArray[np.float64]) -> str:
    """A mix of strategies in words, the largest share first; a pure one by its name alone.

    Examples
    --------
    >>> mix_words(("grim", "bully"), np.array([0.0, 1.0])), mix_words(("grim", "bully"), np.array([0.25, 0.75]))
    ('bully', '75% bully, 25% grim')
    """
    # Rounded, so that equal shares keep the order of the game.
    order = [int(i) for i in np.argsort(-shares.round(9), kind="stable") if shares[i] > 0]
    if len(order) == 1:
        return names[order[0]]
    return ", ".join(f"{_percent(float(shares[i]))} {names[i]}" for i in order)


def _percent(share: float) -> str:
    """A share that is neither nothing nor all, so that it reads as neither."""
    return "under 1%" if share < 0.005 else "over 99%" if share > 0.995 else f"{100 * share:.0f}%"

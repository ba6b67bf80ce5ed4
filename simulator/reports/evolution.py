"""What evolution leads to, in sentences and tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from simulator.reports.equilibria import mix_words
from simulator.reports.headline import money
from simulator.runner.evolve import Evolution
from simulator.solvers.evolution import Resident, RestPoint
from simulator.solvers.nash_averaging import Ranking

__all__ = ["evolution_sentences", "evolution_tables", "interval", "leads_to"]

LISTED = 6  # rest points, and resident profiles, in a table
NAMED = 3  # of each kind in a sentence: ends, profiles, strategies of a mix


def evolution_sentences(evolution: Evolution) -> list[str]:
    """Put an evolution into words: where it leads, what is stable, what forgoes least.

    Examples
    --------
    >>> from simulator.games.stage import StageGame
    >>> from simulator.runner.evolve import evolve
    >>> names = ("compete", "cooperate")
    >>> game = StageGame([[1, 5], [0, 3]], [[1, 0], [5, 3]], vendor_postures=names, client_postures=names)
    >>> for sentence in evolution_sentences(evolve(game, starts=100)):
    ...     print(sentence)
    From a random mix, compete takes over on both sides in 100% of starts (96 to 100%).
    Evolutionarily stable, of 4 pure profiles: compete with compete.
    Against the hardest mix of partners least is forgone by: vendors compete (0.0), clients compete (0.0).
    """
    return [_where(evolution), _stable(evolution), _least_forgone(evolution)]


def interval(point: RestPoint) -> str:
    """The share of starts with its 95% interval, ``"71% of starts (68 to 74%)"``."""
    digits = _digits(point.share)
    low, high = (f"{100 * end:.{digits}f}" for end in (point.low, point.high))
    return f"{100 * point.share:.{digits}f}% of starts ({low} to {high}%)"


def _digits(share: float) -> int:
    """One decimal where a tenth of a percent tells nearly nothing from nothing, or nearly all from all."""
    return 1 if 0 < share < 0.1 or 0.9 < share < 1 else 0


def leads_to(evolution: Evolution, point: RestPoint) -> str:
    """What happens at the end of the starts that lead to a point, as a clause."""
    if not point.converged:
        return "no mix lasts"
    vendors, clients = _few(evolution.vendors, point.row), _few(evolution.clients, point.column)
    both = vendors == clients
    pure = point.row.max() == 1 and point.column.max() == 1
    if pure and both:
        return f"{vendors} takes over" + (" on both sides" if evolution.populations == 2 else "")
    if pure:
        return f"{vendors} takes over the vendors and {clients} the clients"
    like = "a mix like " if point.continuum else ""
    if both:
        return f"everybody settles on {like}{vendors}"
    return f"vendors settle on {like}{vendors} and clients on {clients}"


def _few(names: tuple[str, ...], shares: np.ndarray) -> str:
    """A mix with its largest shares only."""
    kept = np.sort(shares)[::-1][:NAMED][-1]
    shown = np.where(shares >= max(kept, 0.005), shares, 0.0)
    return mix_words(names, shown) + (" and others" if 1 - shown.sum() > 0.02 else "")


def _where(evolution: Evolution) -> str:
    points = sorted(evolution.rest_points, key=lambda point: -point.starts)
    first = points[0]
    said = f"From a random mix, {leads_to(evolution, first)} in {interval(first)}"
    for other in points[1:NAMED]:
        said += f"; in {100 * other.share:.{_digits(other.share)}f}% {leads_to(evolution, other)}"
    rest = len(points) - NAMED
    if rest > 0:
        said += f"; the others end in {rest} more way{'s' if rest > 1 else ''}"
    moving = next((point for point in points if not point.converged), None)
    return said + "." + ("" if moving is None else " " + _moving(evolution, moving))


def _moving(evolution: Evolution, point: RestPoint) -> str:
    vendors, clients = _few(evolution.vendors, point.row), _few(evolution.clients, point.column)
    mean = f"everybody {vendors}" if vendors == clients else f"vendors {vendors}; clients {clients}"
    return f"Where no mix lasts, shares keep circling or are still on their way; on average: {mean}."


def _profile(evolution: Evolution, resident: Resident) -> str:
    if len(resident.strategies) == 1:
        return evolution.vendors[resident.strategies[0]]
    vendor, client = resident.strategies
    return f"{evolution.vendors[vendor]} with {evolution.clients[client]}"


def _stable(evolution: Evolution) -> str:
    of = f"of {len(evolution.residents)} pure profile{'s' if len(evolution.residents) > 1 else ''}"
    for verdict, words in (("stable", "Evolutionarily stable"), ("neutral", "Neutrally stable, none strictly")):
        found = [_profile(evolution, resident) for resident in evolution.residents if resident.verdict == verdict]
        if found:
            more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
            return f"{words}, {of}: {', '.join(found[:NAMED])}{more}."
    return f"None {of} is stable: each can be invaded by some strategy."


def _least_forgone(evolution: Evolution) -> str:
    sides = [("vendors", evolution.vendors, evolution.vendor_ranking)]
    if evolution.populations == 2:
        sides.append(("clients", evolution.clients, evolution.client_ranking))
    parts = []
    for side, names, found in sides:
        best = [name for name, rank in zip(names, found.ranks, strict=True) if rank == 1]
        more = f" and {len(best) - NAMED} more" if len(best) > NAMED else ""
        lost = money(float(-found.forgone.max()), _unit(evolution))
        parts.append(f"{side if evolution.populations == 2 else 'everybody'} {', '.join(best[:NAMED])}{more} ({lost})")
    return f"Against the hardest mix of partners least is forgone by: {', '.join(parts)}."


def _unit(evolution: Evolution) -> str:
    return "" if evolution.scenario is None else evolution.scenario.currency


def evolution_tables(evolution: Evolution) -> Iterator[RenderableType]:
    """Rest points with their basins, what can invade what, and the rankings."""
    yield Text(f"Where {evolution.starts:,} random starts end (95% interval)", style="bold")
    yield _ends(evolution)
    yield Text()
    yield Text("What a few mutants can do when everybody of a side plays the same", style="bold")
    yield _residents(evolution)
    hidden = len(evolution.residents) - min(LISTED, len(evolution.residents))
    if hidden:
        yield Text(f"and {hidden} more profiles, all of them in the files and in JSON")
    yield Text()
    yield Text("Forgone against the hardest mix of partners, and its range with any one agent left out", style="bold")
    yield _ranked(evolution, "vendor", evolution.vendors, evolution.vendor_ranking)
    if evolution.populations == 2:
        yield _ranked(evolution, "client", evolution.clients, evolution.client_ranking)


def _table(*headings: tuple[str, str]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1), show_edge=False)
    for heading, side in headings:
        table.add_column(heading, justify="right" if side == "right" else "left", overflow="fold")
    return table


def _ends(evolution: Evolution) -> Table:
    table = _table(("vendors", "left"), ("clients", "left"), ("starts", "right"), ("", "right"), ("at the end", "left"))
    for point in evolution.rest_points[:LISTED]:
        words = {"attracting": "pulls back", "neutral": "neutral", "repelling": "pushes away", "moving": "still moving"}
        state = words[point.stability] + (", one of a continuum" if point.continuum else "")
        table.add_row(
            _few(evolution.vendors, point.row),
            _few(evolution.clients, point.column),
            f"{100 * point.share:.1f}%",
            f"{100 * point.low:.1f}–{100 * point.high:.1f}%",
            state,
        )
    if len(evolution.rest_points) > LISTED:
        rest = evolution.rest_points[LISTED:]
        share = sum(point.share for point in rest)
        table.add_row(f"{len(rest)} others", "", f"{100 * share:.1f}%", "", "")
    return table


def _residents(evolution: Evolution) -> Table:
    table = _table(("everybody plays", "left"), ("", "left"), ("who gets in", "left"))
    order = {"stable": 0, "neutral": 1, "unstable": 2}
    ranked = sorted(evolution.residents, key=lambda r: (order[r.verdict], sum(map(len, r.invaders))))
    for resident in ranked[:LISTED]:
        table.add_row(_profile(evolution, resident), resident.verdict, _who(evolution, resident))
    return table


def _who(evolution: Evolution, resident: Resident) -> str:
    sides = (("vendor", evolution.vendors), ("client", evolution.clients))[: len(resident.strategies)]

    def listed(groups: tuple[tuple[int, ...], ...]) -> str:
        found = [
            names[i] if len(sides) == 1 else f"{side} {names[i]}"
            for (side, names), group in zip(sides, groups, strict=True)
            for i in group
        ]
        more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
        return ", ".join(found[:NAMED]) + more

    if resident.verdict == "stable":
        return "nobody"
    if resident.verdict == "unstable":
        return f"invades: {listed(resident.invaders)}"
    said = f"drifts in: {listed(resident.neutral)}"
    if resident.openings:
        _, drifting, population, invading = resident.openings[0]
        first = sides[resident.openings[0][0]][1][drifting]
        said += f"; after {first} {sides[population][1][invading]} invades"
    return said


def _ranked(evolution: Evolution, side: str, names: tuple[str, ...], found: Ranking) -> Table:
    unit = _unit(evolution)
    amount = f"forgone ({unit})" if unit else "forgone"
    table = _table(("", "right"), (side, "left"), (amount, "right"), ("range", "right"), ("weight", "right"))
    for i in np.lexsort((-found.weights, found.ranks)):
        low, high = -found.high[i], -found.low[i]
        table.add_row(
            str(found.ranks[i]),
            names[i],
            f"{abs(found.forgone[i]):,.1f}",
            f"{abs(low):,.1f}–{abs(high):,.1f}",
            f"{100 * found.weights[i]:.0f}%",
        )
    return table

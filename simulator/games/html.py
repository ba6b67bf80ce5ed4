"""How a stage game looks in a notebook: the payoffs of both sides in one table, best replies and equilibria marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.markup import (
    BLUE,
    LINE,
    QUIET,
    Markup,
    cell,
    corner,
    decimals,
    label,
    note,
    number,
    percent,
    table,
    tag,
    view,
)

if TYPE_CHECKING:
    from simulator.games.stage import StageGame

__all__ = ["stage_game_html"]

NAMED = 3  # equilibria named in a sentence; the others are in the table


def stage_game_html(game: StageGame) -> str:
    """The payoff table of a stage game, self-contained.

    Parameters
    ----------
    game : StageGame
        Any game; names and title are escaped.

    Returns
    -------
    str
        HTML. In each cell the vendor's payoff stands first; best replies are bold with an asterisk, and a cell where
        both are best replies is a pure equilibrium: framed, and it says so. Mixed equilibria are not shown.

    Examples
    --------
    >>> from simulator.games.stage import StageGame
    >>> "3*" in stage_game_html(StageGame([[2]], [[3]]))
    True
    """
    parts: list[object] = [_payoffs(game), note(_verdict(game))]
    explained = (
        "In each cell: the vendor's payoff, then the client's. Bold with an asterisk: a best reply, the vendor's "
    )
    explained += "to the column, the client's to the row. Framed: both are, a pure "
    explained += f"equilibrium among these {_choices(game)}."
    parts.append(note(tag("span", explained, style=QUIET)))
    rows, columns = game.vendor_payoffs.shape
    subtitle = f"{rows} × {columns} {_choices(game)}"
    if game.ordered:
        parts.append(_incentives(game))
        subtitle = f"{game.name} · {subtitle}"
    return view(game.title, subtitle, *parts)


def _choices(game: StageGame) -> str:
    return "postures" if game.ordered else "strategies"


def _payoffs(game: StageGame) -> Markup:
    digits = decimals([*game.vendor_payoffs.flat, *game.client_payoffs.flat])
    best = (game.vendor_best_replies, game.client_best_replies)
    rows = [
        [
            corner("vendor ↓ · client →"),
            *(label(name, scope="col", style="text-align:center") for name in game.client_postures),
        ]
    ]
    for i, posture in enumerate(game.vendor_postures):
        row = [label(posture)]
        for j in range(len(game.client_postures)):
            vendor = _payoff(game.vendor_payoffs[i, j], digits, bool(best[0][i, j]))
            client = _payoff(game.client_payoffs[i, j], digits, bool(best[1][i, j]))
            lines: list[object] = [vendor, ", ", client]
            both = bool(best[0][i, j] and best[1][i, j])
            if both:
                lines.append(tag("div", "equilibrium", style=QUIET))
            if game.invested[i, j] or game.rise[i, j]:
                said = f"invests {number(game.invested[i, j], digits)}, rises {percent(game.rise[i, j])}"
                lines.append(tag("div", said, style=QUIET))
            frame = f"2px solid {BLUE}" if both else LINE
            row.append(cell(*lines, style=f"text-align:center;border:{frame}"))
        rows.append(row)
    return table(rows)


def _payoff(value: float, digits: int, best: bool) -> Markup:
    shown = number(value, digits)
    return tag("b", shown + "*") if best else tag("span", shown)


def _verdict(game: StageGame) -> str:
    """What to see: the equilibria, and whether both sides could do better than in one of them."""
    vendor, client = game.vendor_payoffs, game.client_payoffs
    cells = [(int(i), int(j)) for i, j in np.argwhere(game.vendor_best_replies & game.client_best_replies)]

    def named(i: int, j: int) -> str:
        return f"{game.vendor_postures[i]} / {game.client_postures[j]}"

    if not cells:
        return f"No pure equilibrium among these {_choices(game)}: in every cell one side would rather change."
    names = ", ".join(named(*at) for at in cells[:NAMED])
    names += f" and {len(cells) - NAMED} more" if len(cells) > NAMED else ""
    plural = f"{len(cells)} pure equilibria" if len(cells) > 1 else "One pure equilibrium"
    said = [f"{plural} among these {_choices(game)} (vendor / client): {names}."]
    for i, j in cells[:NAMED]:
        better = (vendor > vendor[i, j]) & (client > client[i, j])
        if better.any():
            joint = np.where(better, vendor + client, -np.inf)
            row, column = (int(at) for at in np.unravel_index(int(joint.argmax()), joint.shape))
            said.append(f"Both would be better off at {named(row, column)} than at {named(i, j)}.")
    return " ".join(said)


def _incentives(game: StageGame) -> Markup:
    """T, R, P and S of both sides."""
    sides = {"vendor": game.vendor_incentives, "client": game.client_incentives}
    digits = decimals([value for side in sides.values() for value in side])
    words = ("T temptation", "R reward", "P punishment", "S sucker's payoff")
    rows = [[corner("first and last posture"), *(label(word, scope="col", style=QUIET) for word in words)]]
    rows += [[label(name), *(cell(number(value, digits)) for value in side)] for name, side in sides.items()]
    return table(rows)

"""Some equilibria of a large game, by the Lemke-Howson algorithm with a bound on its work.

Source: Lemke and Howson 1964, "Equilibrium points of bimatrix games"; the presentation by labels is that of von
Stengel 2007, ch. 3 of Algorithmic Game Theory. From the pair of zero vertices, one label is dropped; every pivot picks
up a duplicate label, which is dropped next in the other polytope, until the first label comes back: the pair then is an
equilibrium. Each label starts a path of its own. Paths are followed side by side and can be exponentially long, so all
pivots together have a budget; a path that is not at its end by then is given up.
"""

from __future__ import annotations

import numpy as np

from simulator.solvers.equilibria.payoffs import Game, Profiles, normalised
from simulator.solvers.equilibria.tableau import Floats, Integers, leaving_rows, pivoted, points, start

__all__ = ["lemke_howson"]

#: Tableau entries computed, at most, by all pivots together: a few seconds.
MOST_ENTRIES = 500_000_000
#: Tableau entries handled side by side.
BLOCK = 1 << 19


def lemke_howson(game: Game) -> Profiles:
    """Return the distinct ends of the paths from each label that finish within the budget (not yet certified)."""
    m, n = game.shape
    width = max(1, BLOCK // (m * n))
    budget = MOST_ENTRIES // (m * n)
    rows, columns = [], []
    for side, first in [(side, k) for side, labels in enumerate((m, n)) for k in range(0, labels, width)]:
        # The second half is the same algorithm with the two players exchanged.
        own, other = (game.column.T, game.row) if side == 0 else (game.row, game.column.T)
        dropped = np.arange(first, min(first + width, own.shape[1]))
        if budget < len(dropped):
            break
        # Half of what is left, so that one endless path does not keep all others from being tried.
        ends, spent = _paths(own, other, dropped, max(len(dropped), budget // 2))
        budget -= spent
        x, y = ends if side == 0 else ends[::-1]
        rows.append(x)
        columns.append(y)
    return Profiles(np.concatenate(rows), np.concatenate(columns))


def _paths(own: Floats, other: Floats, dropped: Integers, most: int) -> tuple[tuple[Floats, Floats], int]:
    """Follow the paths that begin by dropping these labels of `own`'s variables, for at most `most` pivots.

    Labels are numbered by the variables of the first polytope, so that variable v of it has label v; variable v of the
    second one has label d + v, or v - r for its slacks.

    Returns
    -------
    ends : tuple of ndarray (E, d), (E, r)
        Both sides' strategies at the ends of the paths that got there.
    spent : int
        Pivots of all paths together.
    """
    rows, dims = own.shape
    copies = np.zeros(len(dropped), np.intp)
    stacks = [start(own).take(copies), start(other).take(copies)]
    entering = target = dropped
    ends = [np.empty((0, dims)), np.empty((0, rows))]
    spent, turn = 0, 0
    while len(target) and spent + len(target) <= most:
        spent += len(target)
        stack = stacks[turn]
        k = np.arange(len(stack))
        col = (_labels(stack.free, turn, dims, rows) == entering[:, None]).argmax(axis=1)
        row = leaving_rows(stack.body[k, :, col], stack.value, stack.tilt)
        entering = _labels(stack.basic, turn, dims, rows)[k, row]
        stacks[turn] = pivoted(stack, row, col)
        done = entering == target
        if done.any():
            reached = [points(stack.take(np.flatnonzero(done)))[0] for stack in stacks]
            ends = [np.vstack([end, normalised(new)]) for end, new in zip(ends, reached, strict=True)]
            going = np.flatnonzero(~done)
            stacks = [stack.take(going) for stack in stacks]
            entering, target = entering[going], target[going]
        turn = 1 - turn
    return (ends[0], ends[1]), spent


def _labels(variables: Integers, turn: int, dims: int, rows: int) -> Integers:
    return variables if turn == 0 else (variables + dims) % (dims + rows)

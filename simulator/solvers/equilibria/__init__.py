"""Nash equilibria of two-player games given as payoff matrices, each certified by its regret.

`equilibria` is the one entry; `Equilibria` and `Equilibrium` are what it returns. One algorithm per file:

- `payoffs`    what is accepted as a game, and the scale on which it is solved
- `tableau`    pivots on best-reply polytopes, many at a time
- `vertices`   all vertices of one polytope
- `enumeration` all extreme equilibria: pairs of vertices that together carry every label
- `dominance`  strictly dominated actions of games too large to enumerate
- `lemke_howson`, `zero_sum` some equilibria of such games
- `selection`  continua, and which equilibrium to expect
"""

from simulator.solvers.equilibria.result import Equilibria, Equilibrium
from simulator.solvers.equilibria.solve import equilibria

__all__ = ["Equilibria", "Equilibrium", "equilibria"]

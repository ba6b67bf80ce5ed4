"""Evolution of strategies: strategies that earn more than the average of their population become more frequent.

One idea per file:

- `populations`  the game as one or two populations, on a scale of its own
- `dynamics`     the path from one start, and where many starts settle
- `rest_points`  rest points reached from random starts, with the share of starts that lead to each
- `stability`    which mutants invade which residents; eigenvalues at a rest point
"""

from simulator.solvers.evolution.dynamics import Trajectory, replicator
from simulator.solvers.evolution.populations import Dynamics, Populations, populations_of
from simulator.solvers.evolution.rest_points import RestPoint, basins, random_starts, wilson
from simulator.solvers.evolution.stability import Resident, eigenvalues, residents, stability_at

__all__ = [
    "Dynamics",
    "Populations",
    "Resident",
    "RestPoint",
    "Trajectory",
    "basins",
    "eigenvalues",
    "populations_of",
    "random_starts",
    "replicator",
    "residents",
    "stability_at",
    "wilson",
]

"""Random streams: keyed by seed, purpose, scenario and block, never by agent, parameter, position or worker.

Every cell of a comparison therefore meets the same random numbers, and adding, reordering or resuming cells changes no
other cell.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from simulator.errors import SimulatorError

if TYPE_CHECKING:
    import numpy as np

__all__ = ["check_seed", "stream"]


def check_seed(seed: int) -> int:
    """Refuse a seed that is not a whole number of at least 0."""
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise SimulatorError(f"seed is {seed!r}; allowed: a whole number of at least 0")
    return seed


def stream(seed: int, purpose: str, scenario_id: str, block: int = 0) -> np.random.Generator:
    """The random numbers for one purpose, scenario and block of replicates.

    Examples
    --------
    >>> stream(1, "simulate", "x").random() == stream(1, "simulate", "x").random()
    True
    """
    import numpy as np

    key = f"{check_seed(seed)}\n{purpose}\n{scenario_id}\n{block}".encode()
    return np.random.Generator(np.random.SFC64(int.from_bytes(hashlib.sha256(key).digest(), "big")))

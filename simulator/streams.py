"""Random streams: keyed by seed, purpose, scenario and block, never by agent, parameter, position or worker.

Every cell of a comparison therefore meets the same random numbers, and adding, reordering or resuming cells changes no
other cell.
"""

from __future__ import annotations

import hashlib
import numbers
from typing import TYPE_CHECKING

from simulator.errors import SimulatorError

if TYPE_CHECKING:
    import numpy as np

__all__ = ["check_seed", "stream", "whole"]


def check_seed(seed: int) -> int:
    """Refuse a seed that is not a whole number of at least 0."""
    return whole("seed", seed, least=0)


def whole(name: str, value: int, *, least: int) -> int:
    """Refuse a number that is not whole or too small; numpy's whole numbers are welcome.

    Examples
    --------
    >>> whole("periods", 3, least=1)
    3
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < least:
        raise SimulatorError(f"{name} is {value!r}; allowed: a whole number of at least {least}")
    return int(value)


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

"""What all tidy tables share: a name of the run that the same inputs give again, and the way into pandas."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from simulator.errors import SimulatorError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["frame_of", "run_id_of"]


def run_id_of(said: Sequence[Any]) -> str:
    """A short name of a run from all that it depends on.

    Examples
    --------
    >>> run_id_of(["a", 1]) == run_id_of(["a", 1])
    True
    """
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:12]


def frame_of(rows: Sequence[dict[str, Any]], columns: Sequence[str] | None = None) -> pd.DataFrame:
    """A tidy table as a pandas data frame.

    Raises
    ------
    SimulatorError
        When pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError:
        raise SimulatorError(
            'to_frame needs pandas; install it by: pip install "negotiation-simulator[analysis]"'
        ) from None
    return pd.DataFrame(rows, columns=None if columns is None else list(columns))

"""What the tables of a scenario file have in common: how a table behaves, and the kinds of numbers and names in it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["MOST_PERIODS", "Name", "NotNegative", "Probability", "Table"]

MOST_PERIODS = 100_000  # also rounds; far above any honest scenario, and a bound on memory

Probability = Annotated[float, Field(ge=0, le=1)]
NotNegative = Annotated[float, Field(ge=0)]
Name = Annotated[str, Field(min_length=1)]


class Table(BaseModel):
    """A table of the file: unknown keys are refused, nothing is converted, nothing can be changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False, populate_by_name=True)

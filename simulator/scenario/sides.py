"""The base of every table of a scenario file, and numbers that may differ between the two sides."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Probability = Annotated[float, Field(ge=0, le=1)]
NotNegative = Annotated[float, Field(ge=0)]


class Table(BaseModel):
    """A table of the file: unknown keys are refused, nothing is converted, nothing can be changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False, populate_by_name=True)


class Sides(Table):
    """A number for each side; one number in the file stands for both."""

    vendor: NotNegative = 0.0
    client: NotNegative = 0.0


class ProbabilitySides(Table):
    """A probability for each side."""

    vendor: Probability = 0.0
    client: Probability = 0.0


class WholeSides(Table):
    """A whole number for each side."""

    vendor: Annotated[int, Field(ge=0)] = 0
    client: Annotated[int, Field(ge=0)] = 0


def _both_sides(value: object) -> object:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return {"vendor": value, "client": value}
    return value


PerSide = Annotated[Sides, BeforeValidator(_both_sides)]
PerSideProbability = Annotated[ProbabilitySides, BeforeValidator(_both_sides)]
PerSideWhole = Annotated[WholeSides, BeforeValidator(_both_sides)]

"""What a scenario file may say of a workshop, ``[workshop]``: how a room full of people plays it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from simulator.scenario.values import Table

__all__ = ["Workshop"]


class Workshop(Table):
    """How a room full of people plays the scenario."""

    periods: Annotated[int, Field(ge=1, le=50)] = 5
    minutes: Annotated[float, Field(gt=0, le=240)] = 6.0
    ends: Literal["hidden", "known"] = "hidden"
    partners: Literal["same", "new"] = "same"
    after_leaving: Literal["pool", "outside"] = "pool"
    mode: Literal["talk", "type"] = "talk"
    contest: Literal["none", "effort", "price"] = "none"
    goal: str = ""
    level: str = ""

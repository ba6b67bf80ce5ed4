"""The debrief on screens and as files: the charts of what happened, made beside the loop and kept until it changes."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from simulator.workshop.web.hall import Hall, Stage

__all__ = ["export", "own_sheet", "step", "steps"]


async def own_sheet(hall: Hall, stage: Stage, seat: str) -> Any:
    return None


async def step(hall: Hall, stage: Stage, name: str) -> Any:
    return {"key": name, "lines": [], "svg": ""}


async def steps(request: Request, stage: Stage) -> Any:
    room = stage.live.room
    return [{"key": name, "lines": [], "svg": ""} for name in room.revealable()]


async def export(request: Request) -> Any:
    raise NotImplementedError

"""What if: sliders for how people play, slips, outside options and the horizon, answered by the exact engine.

A side is a mix of those who give and take (tit-for-tat) and those who squeeze (always-compete); the four pairs are
weighed by their shares. It belongs to the trainer until its step of the debrief is revealed; a phone then sees shares
and lengths, never amounts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from simulator.errors import SimulatorError
from simulator.relationships.exact import relationship
from simulator.scenario.schema import Scenario
from simulator.workshop.moves import Refused
from simulator.workshop.web import joining
from simulator.workshop.web.forms import number
from simulator.workshop.web.hall import Hall
from simulator.workshop.web.pages import page

__all__ = ["Answer", "Question", "answer", "look", "look_from_seat"]

BUILDS, SQUEEZES = "tit-for-tat", "always-compete"
MOST_PERIODS = 30


@dataclass(frozen=True)
class Question:
    """Where the sliders stand, in per cent but for the horizon."""

    vendors: int = 50
    clients: int = 50
    slip: int = 2
    vendor_outside: int = 0
    client_outside: int = 0
    horizon: int = 10


@dataclass(frozen=True)
class Answer:
    """What the engine says: money over the whole horizon, and shares of it."""

    created: float
    first_best: float
    vendor_share: float | None
    left_share: float | None
    length: float


BOUNDS = {
    "vendors": (0, 100),
    "clients": (0, 100),
    "slip": (0, 30),
    "vendor_outside": (-100, 100),
    "client_outside": (-100, 100),
    "horizon": (1, MOST_PERIODS),
}


@lru_cache(maxsize=512)
def answer(scenario: Scenario, asked: Question) -> Answer:
    """Work a question out.

    Examples
    --------
    >>> import simulator as ns
    >>> s = ns.load_scenario("saas-renewal")
    >>> building, squeezing = (answer(s, Question(share, share)) for share in (100, 0))
    >>> building.created > squeezing.created, building.length > squeezing.length
    (True, True)
    """
    usual = relationship(scenario.replace({"horizon": 1}), vendor=BUILDS, client=BUILDS)
    span = max(usual.created_value + usual.left_on_table, 0.0)  # what one period can create: the measure of elsewhere
    changed = scenario.replace(
        {
            "horizon": asked.horizon,
            "relationship.slip": asked.slip / 100,
            "vendor.outside_option": scenario.vendor.outside_option + span * asked.vendor_outside / 200,
            "client.outside_option": scenario.client.outside_option + span * asked.client_outside / 200,
        }
    )
    created = vendor = length = left = 0.0
    for first, part in ((BUILDS, asked.vendors / 100), (SQUEEZES, 1 - asked.vendors / 100)):
        for second, other in ((BUILDS, asked.clients / 100), (SQUEEZES, 1 - asked.clients / 100)):
            if part * other:
                pair = relationship(changed, vendor=first, client=second)
                created += part * other * pair.created_value
                vendor += part * other * pair.vendor_captured
                left += part * other * pair.left_on_table
                length += part * other * pair.expected_length
    best = created + left
    return Answer(
        created=created,
        first_best=best,
        vendor_share=vendor / created if created > 1e-9 and 0 <= vendor <= created else None,
        left_share=left / best if best > 1e-9 else None,
        length=length,
    )


def asked(request: Request, scenario: Scenario) -> Question:
    """The question of an address; what is missing or no number stands where the scenario has it."""
    usual = Question(
        slip=round(100 * scenario.relationship.slip.vendor),
        horizon=scenario.horizon if isinstance(scenario.horizon, int) and scenario.horizon <= MOST_PERIODS else 10,
    )
    found = {}
    for name, (low, high) in BOUNDS.items():
        try:
            value = number(request.query_params, name)
        except Refused:
            value = None
        found[name] = getattr(usual, name) if value is None else int(min(max(value, low), high))
    return Question(**found)


async def _worked_out(hall: Hall, scenario: Scenario, question: Question) -> tuple[Answer | None, str]:
    try:
        return await hall.work(answer, scenario, question), ""
    except SimulatorError as error:
        return None, str(error)


async def look(request: Request) -> Response:
    """The trainer's sandbox."""
    from simulator.workshop.web import console

    stage = joining.found(request)
    scenario = stage.live.scenario
    question = asked(request, scenario)
    found, why = await _worked_out(request.app.state.hall, scenario, question)
    return await console.shown(
        request, stage, "console-sandbox.html", q=question, a=found, why=why, bounds=BOUNDS, currency=scenario.currency
    )


async def look_from_seat(request: Request) -> Response:
    """A phone's sandbox, once the trainer has shown it: shares and lengths only."""
    stage = joining.found(request)
    own = joining.seat_of(request, stage)
    if own is None or "sandbox" not in stage.live.room.revealed:
        return RedirectResponse(f"/w/{stage.live.code}", status_code=303)
    question = asked(request, stage.live.scenario)
    found, why = await _worked_out(request.app.state.hall, stage.live.scenario, question)
    return page(
        request,
        "sandbox.html",
        code=stage.live.code,
        q=question,
        a=found,
        why=why,
        bounds=BOUNDS,
        amounts=False,
        currency="",
    )

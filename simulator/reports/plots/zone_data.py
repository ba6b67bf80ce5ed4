"""What the plots of advice draw, without drawing: how far both sides are from leaving along the transferable issue."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.errors import SimulatorError
from simulator.relationships.partnership import PartnershipZone, issue_of, tested

__all__ = ["ZoneCurves", "zone_curves"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ZoneCurves:
    """What going on is worth to both sides more than breaking the deal off, along the transferable issue.

    Attributes
    ----------
    value : ndarray, shape (n,)
        Values of the issue, the ends of the zone and the current value among them.
    vendor, client : ndarray, shape (n,)
        Money, in today's worth; below 0 the side would do better to break it off.
    """

    value: Floats
    vendor: Floats
    client: Floats


def zone_curves(zone: PartnershipZone, *, count: int = 41) -> ZoneCurves:
    """Both sides' slack along the transferable issue, the other terms as in the current deal.

    Raises
    ------
    SimulatorError
        Where no issue moves money from side to side.

    Examples
    --------
    >>> import simulator as ns
    >>> curves = zone_curves(ns.partnership_zone(ns.load_scenario("saas-renewal")), count=3)
    >>> curves.value.round(1).tolist()
    [60.0, 83.8, 90.0, 104.2, 105.0, 150.0]
    """
    if zone.issue is None:
        raise SimulatorError("no issue moves money from side to side, so there is no axis for the zone")
    span = issue_of(zone.scenario, zone.issue).range
    if span is None:  # a transferable issue has one; this tells the type checker
        raise SimulatorError(f"issue {zone.issue!r} has no range")
    own = float(zone.current.deal[zone.issue])
    values = np.unique([*np.linspace(span.start, span.stop, count), *(zone.interval or ()), own])
    found = [tested(zone.scenario, {**zone.current.deal, zone.issue: float(value)}) for value in values]
    return ZoneCurves(
        values,
        np.array([one.vendor.money for one in found]),
        np.array([one.client.money for one in found]),
    )

"""Who meets whom: pairs at the start, groups of a contest, people matched anew, sides swapped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from simulator.workshop.agents import USUAL
from simulator.workshop.pairs import SIDES, Pair, other
from simulator.workshop.values import drawn_from

if TYPE_CHECKING:
    import numpy as np

    from simulator.workshop.room import Room
    from simulator.workshop.seats import Group, Seat

__all__ = ["after_contests", "award", "contests", "fair_bid", "late_comer", "match", "rematched", "swapped"]

BIDDERS = 3  # vendors that compete for one client


def filler(room: Room) -> str:
    """The agent that fills empty chairs."""
    return room.filler or USUAL


def match(
    room: Room,
    people: list[Seat],
    rng: np.random.Generator,
    *,
    sides: Mapping[str, str | None],
    begun: int,
    parted: Iterable[Pair] = (),
    first: int | None = None,
) -> list[dict[str, Any]]:
    """Pair up people; who has no side yet gets one, and an odd one plays an agent.

    Parameters
    ----------
    room : Room
        The workshop.
    people : list of Seat
        Who is free.
    rng : Generator
        For the order.
    sides : mapping
        Side of each seat; absent or None: not yet known.
    begun : int
        Period in which the pairs begin.
    parted : iterable of Pair
        Their people do not meet again at once.
    first : int, optional
        Number of the first new pair.
    """
    sided: dict[str, list[Seat]] = {side: [s for s in people if sides.get(s.id) == side] for side in SIDES}
    fresh = [seat for seat in people if sides.get(seat.id) is None]
    for k in rng.permutation(len(fresh)):
        fewer = "vendor" if len(sided["vendor"]) <= len(sided["client"]) else "client"
        sided[fewer].append(fresh[int(k)])
    vendors = [sided["vendor"][int(k)] for k in rng.permutation(len(sided["vendor"]))]
    clients = [sided["client"][int(k)] for k in rng.permutation(len(sided["client"]))]
    apart = {(p.chairs["vendor"].seat, p.chairs["client"].seat) for p in parted}
    vendors, clients, lone = _kept_apart(vendors, clients, apart)
    number = max(room.pairs, default=0) + 1 if first is None else first
    made: list[dict[str, Any]] = []
    for v, c in zip(vendors, clients, strict=True):
        made.append(_pair(number + len(made), begun, v, c))
    for seat, side in lone:
        chairs = {side: seat, other(side): None}
        made.append(_pair(number + len(made), begun, chairs["vendor"], chairs["client"], agent=filler(room)))
    return made


def _kept_apart(
    vendors: list[Seat], clients: list[Seat], apart: set[tuple[str | None, str | None]]
) -> tuple[list[Seat], list[Seat], list[tuple[Seat, str]]]:
    """Rows of vendors and clients that meet, and those left over with their side."""
    many, few = (vendors, clients) if len(vendors) >= len(clients) else (clients, vendors)
    swap = many is clients

    def clash(one: Seat, two: Seat) -> bool:
        return ((two.id, one.id) if swap else (one.id, two.id)) in apart

    def clashes(shift: int) -> int:
        return sum(clash(many[(k + shift) % len(many)], two) for k, two in enumerate(few))

    best = min(range(len(many)), key=clashes) if few else 0
    turned = many[best:] + many[:best]
    one_side, two_side = ("client", "vendor") if swap else ("vendor", "client")
    rows, lone = [], [(seat, one_side) for seat in turned[len(few) :]]
    for one, two in zip(turned, few, strict=False):
        if clash(one, two):
            lone += [(one, one_side), (two, two_side)]
        else:
            rows.append((two, one) if swap else (one, two))
    return [v for v, _ in rows], [c for _, c in rows], lone


def _pair(number: int, begun: int, vendor: Seat | None, client: Seat | None, *, agent: str = USUAL) -> dict[str, Any]:
    def plays(seat: Seat | None) -> str | None:
        if seat is None:
            return agent
        return None if seat.status == "here" else seat.agent or agent

    return {
        "number": number,
        "begun": begun,
        "vendor": None if vendor is None else vendor.id,
        "client": None if client is None else client.id,
        "vendor_agent": plays(vendor),
        "client_agent": plays(client),
    }


def rematched(room: Room, pairs: Iterable[Pair], rng: np.random.Generator) -> tuple[list[int], list[dict[str, Any]]]:
    """Pairs taken apart and new ones for the next period; `pairs`: this round's as they stand when it begins."""
    now = {pair.number: pair for pair in pairs}
    begun = room.period + 1
    here = [seat for seat in room.players() if seat.status == "here"]
    sides = {seat.id: seat.side for seat in here}
    if room.plan.partners == "new":
        apart = [pair.number for pair in now.values() if pair.alive]
        latest = [now[number] for number in apart]
        return apart, match(room, here, rng, sides=sides, begun=begun, parted=latest if len(here) > 2 else ())
    ended = [pair for pair in now.values() if not pair.alive]
    over = {pair.number for pair in ended}
    pool = room.plan.after_leaving == "pool"
    free = [seat for seat in here if seat.pair is None or (pool and seat.pair in over)]
    return [], match(room, free, rng, sides=sides, begun=begun, parted=ended)


def late_comer(room: Room, seat: str, rng: np.random.Generator) -> tuple[str, dict[str, Any]] | None:
    """Kind and data of the event that seats somebody who joins while people prepare; None: it waits."""
    if room.phase != "prepare" or (room.plan.compete and room.round == 1):
        return None
    for pair in room.of_round():
        for side, chair in pair.chairs.items():
            if chair.seat is None and pair.alive:
                return "joined-pair", {"pair": pair.number, "side": side, "seat": seat}
    side = "vendor" if rng.random() < 0.5 else "client"
    item = {"number": max(room.pairs, default=0) + 1, "begun": 0, side: seat, other(side): None}
    item |= {f"{side}_agent": None, f"{other(side)}_agent": filler(room)}
    return "paired", {"pairs": [item]}


def swapped(room: Room, rng: np.random.Generator) -> list[dict[str, Any]]:
    """The pairs of the second round: as at first, sides swapped; who lost the partner for good is matched anew."""
    first = [pair for pair in room.pairs.values() if pair.round == 1]
    met: dict[str, Pair] = {}
    for pair in first:
        for seat in pair.seats:
            met.setdefault(seat, pair)
    number = max(room.pairs, default=0) + 1
    made: list[dict[str, Any]] = []
    taken: set[str | None] = set()
    for pair in first:
        chairs = {side: chair.seat for side, chair in pair.chairs.items()}
        if any(seat is not None and (met[seat] is not pair or not _comes_back(room, seat)) for seat in chairs.values()):
            continue
        vendor, client = (None if chairs[s] is None else room.seats[chairs[s] or ""] for s in ("client", "vendor"))
        made.append(_pair(number + len(made), 0, vendor, client, agent=filler(room)))
        taken |= set(pair.seats)
    free = [seat for seat in room.seats.values() if _comes_back(room, seat.id) and seat.id not in taken]
    sides = {seat.id: None if seat.side is None else other(seat.side) for seat in free}
    return made + match(room, free, rng, sides=sides, begun=0, first=number + len(made))


def _comes_back(room: Room, seat: str) -> bool:
    found = room.seats[seat]
    return found.role in ("player", "adviser") and found.status != "gone"


def contests(room: Room, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Groups of one client and three vendors; agents fill the rows."""
    people = [seat for seat in room.players() if seat.status == "here"]
    order = [people[int(k)] for k in rng.permutation(len(people))]
    count = max(1, -(-len(order) // (BIDDERS + 1)))
    clients, vendors = order[:count], order[count:]
    groups = []
    for g in range(count):
        own = vendors[g::count]
        bidders: list[dict[str, Any]] = [{"seat": seat.id, "name": seat.name, "bid": None} for seat in own]
        for _ in range(BIDDERS - len(own)):
            bidders.append({"seat": None, "name": filler(room), "bid": fair_bid(room, rng)})
        groups.append({"number": g + 1, "client": clients[g].id if g < len(clients) else None, "bidders": bidders})
    return groups


def fair_bid(room: Room, rng: np.random.Generator) -> float:
    """What an agent bids: near the equilibrium of three equal bidders who expect their fair part each period."""
    prize = room.numbers.prize * room.plan.periods
    return round(prize * (BIDDERS - 1) / BIDDERS**2 * (0.7 + 0.6 * rng.random()), 2)


def after_contests(room: Room, groups: Iterable[Group], rng: np.random.Generator) -> list[dict[str, Any]]:
    """The pairs that play after the contests: winners with their clients, losers with agents, late comers."""
    number = max(room.pairs, default=0) + 1
    made: list[dict[str, Any]] = []
    taken: set[str | None] = set()
    for group in groups:
        seats = room.seats
        client = None if group.client is None else seats[group.client]
        for k, bidder in enumerate(group.bidders):
            vendor = None if bidder.seat is None else seats[bidder.seat]
            won = k == group.winner
            taken |= {bidder.seat, group.client}
            if (not won and (vendor is None or not vendor.plays)) or (won and vendor is None and client is None):
                continue  # an agent that lost is gone, an adviser has a place; two agents need no pair
            made.append(_pair(number + len(made), 0, vendor, client if won else None, agent=filler(room)))
    free = [seat for seat in room.players() if seat.status == "here" and seat.id not in taken]
    sides = {seat.id: seat.side for seat in free}
    return made + match(room, free, rng, sides=sides, begun=0, first=number + len(made))


def award(bids: list[float], kind: str, rng: np.random.Generator) -> tuple[int, list[float]]:
    """Winner of a contest, and everybody's chance.

    Effort: the chance is one's part of all efforts. Price: the largest cut wins, a coin decides between equals.

    Examples
    --------
    >>> import numpy as np
    >>> award([1.0, 3.0, 0.0], "price", np.random.default_rng(0))
    (1, [0.0, 1.0, 0.0])
    """
    best, total = max(bids), sum(bids)
    if kind == "effort" and total > 0:
        chances = [bid / total for bid in bids]
    else:
        top = [bid == best or (kind == "effort") for bid in bids]
        chances = [hit / sum(top) for hit in top]
    return drawn_from(chances, rng), chances

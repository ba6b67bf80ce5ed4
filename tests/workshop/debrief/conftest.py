"""Made-up records of workshops, from a seed: people and agents, pairs that live and that end, rematches, two rounds.

The payoffs are computed here from the scenario's numbers, apart from the package, so that they can check its sums.
"""

from dataclasses import replace

import numpy as np
import pytest

import simulator as ns
from simulator.workshop.plan import Plan
from simulator.workshop.record import Bet, Bid, Observation, Pair, Preparation, Record, Turn

ANIMALS = ("Otter", "Lynx", "Heron", "Badger", "Marten", "Ibex", "Crane", "Falcon", "Seal", "Wren")
REASONS = ("vendor-left", "client-left", "client-begrudged", "vendor-begrudged", "client-patience", "churn")


@pytest.fixture(scope="session", name="made_up")
def made_up_fixture():
    """Makes records: scenario, number of pairs, and what is to be different."""
    return made_up


def made_up(scenario="saas-renewal", pairs=15, *, seed=1, rounds=1, leave=0.12, agents=0, skill=(0.0, 0.35), **plan):
    """A record; `plan` are changes of the plan, `skill` what the rounds add to the chance to build."""
    s = ns.load_scenario(scenario) if isinstance(scenario, str) else scenario
    rng = np.random.default_rng(seed)
    plan = Plan.of(s, **{"periods": 5, **plan})
    made, bids, bets, preparations = [], [], [], []
    seats = {}
    for k in range(2 * pairs):
        seats[f"s{k}"] = f"{ANIMALS[k % 10]} {k // 10 + 1}" if k >= 10 else ANIMALS[k]
    for k in range(agents):  # the last clients are agents
        seats.pop(f"s{2 * (pairs - 1 - k) + 1}", None)
    for round in range(1, rounds + 1):
        teams = []
        for k in range(pairs):
            a, b = f"s{2 * k}", f"s{2 * k + 1}"
            teams.append(((a, b) if round == 1 else (b, a), 0))
        for (vendor, client), begun in teams:
            made.append(
                pair_of(s, plan, rng, len(made) + 1, round, vendor, client, seats, begun, leave, skill[round - 1])
            )
            ended = made[-1].turns[-1].period
            if plan.after_leaving == "pool" and made[-1].reason != "horizon" and ended + 1 < plan.periods:
                teams.append(((vendor, client), ended + 1))
        for seat in seats:
            vendor = (int(seat[1:]) % 2 == 0) == (round == 1)
            own, other = (s.vendor, s.client) if vendor else (s.client, s.vendor)
            guess = other.outside_option + rng.normal(0, 0.2) * (abs(other.outside_option) or 1)
            preparations.append(Preparation(seat, round, "vendor" if vendor else "client", own.outside_option,
                                            own.outside_option * 1.5, None, round_(guess)))  # fmt: skip
            bets.append(Bet(round, seat, "left-on-table", float(rng.integers(5, 60))))
            bets.append(Bet(round, seat, "ended", float(rng.integers(0, 70))))
        if plan.compete:
            for group in range(1, pairs // 2 + 1):
                spent = rng.gamma(2, 5, 3)
                won = rng.choice(3, p=spent / spent.sum())
                bids += [Bid(round, group, None, f"V{group}{i}", round_(x), float(x / spent.sum()), bool(i == won))
                         for i, x in enumerate(spent)]  # fmt: skip
    return Record(s, plan, s.title, "2026-03-14", tuple(made), tuple(preparations), tuple(bids), tuple(bets),
                  observed(made, seats), seats)  # fmt: skip


def observed(made, seats):
    """Two people note the first pair of each round, one of them the room as a whole."""
    first = {pair.round: pair.number for pair in reversed(made)}
    found = []
    for number, writer in enumerate(list(seats)[:2]):
        found += [Observation(writer, round, pair, {"question": 3 + number}, "") for round, pair in first.items()]
    return (*found, Observation(writer, 1, None, {}, "Nobody asked why."))


def round_(x):
    return float(round(float(x), 1))


def pair_of(s, plan, rng, number, round, vendor, client, seats, begun, leave, skill):
    kind = rng.random(2) * 0.9 + skill  # how far each side builds
    turns, level, starved, reason = [], 0, False, "horizon"
    for period in range(begun, plan.periods):
        turn = talk(s, rng, period, level, starved, kind) if s.payoffs is None else game(s, rng, period, level, kind)
        surplus = turn.vendor_payoff - s.vendor.outside_option
        both = s.cooperates("vendor")[turn.vendor_posture] and s.cooperates("client")[turn.client_posture]
        invested = 0.0
        if both and surplus > 0 and level < len(s.levels) - 1:
            share = s.maturity.reinvest if not isinstance(s.maturity.reinvest, str) else 0.2
            invested = share * surplus
        shares = own_shares(s, turn)
        again = [
            None if shares is None else int(np.clip(round_(1 + 8 * x + rng.normal(0, 1)), 1, 7))
            for x in shares or (0, 0)
        ]
        turns.append(replace(turn, vendor_payoff=turn.vendor_payoff - invested, invested=invested,
                             vendor_again=again[0] if vendor in seats else None,
                             client_again=again[1] if client in seats else None))  # fmt: skip
        starved = s.payoffs is None and surplus < s.delivery.vendor.needs - 1e-9
        if rng.random() < invested / s.maturity.level_cost:
            level += 1
        elif not both and level and rng.random() < s.maturity.decay:
            level -= 1
        if plan.partners == "new":
            break
        if period < plan.periods - 1 and rng.random() < leave * (0.3 if both else 1.5):
            reason = str(rng.choice(REASONS))
            break
    agent = "tit-for-tat"
    return Pair(number, round, begun, vendor if vendor in seats else None, client if client in seats else None,
                seats.get(vendor, agent), seats.get(client, agent), None if vendor in seats else agent,
                None if client in seats else agent, tuple(turns), reason)  # fmt: skip


def own_shares(s, turn):
    vendor, client = turn.vendor_payoff - s.vendor.outside_option, turn.client_payoff - s.client.outside_option
    return (vendor / (vendor + client), client / (vendor + client)) if vendor + client > 1e-9 else None


def talk(s, rng, period, level, starved, kind):
    """One negotiation and delivery with a free deal near the middle of what both can accept, or none."""
    space = ns.deal_space(s, level=level)
    cost = s.negotiation.round_cost
    builds = rng.random(2) < kind
    if not builds.any() and rng.random() < 0.25:
        outside = s.vendor.outside_option - 3 * cost, s.client.outside_option - 3 * cost
        return Turn(period, level, starved, None, False, None, None, 3, 0, 0, 0.0, 0.0, *outside, 0.0, None, None)
    v, c = space.vendor - space.vendor_outside, space.client - space.client_outside
    ok = np.flatnonzero((v > -1) & (c > -1))
    lean = np.clip(0.5 + 0.25 * (kind[1] - kind[0]) + rng.normal(0, 0.1), 0.05, 0.95)
    quality = v[ok] + c[ok] - 1.2 * np.abs(v[ok] * (1 - lean) - c[ok] * lean)
    order = ok[np.argsort(-quality)]
    index = int(order[min(len(order) - 1, int(rng.exponential((0.02 if builds.all() else 0.08) * len(order))))])
    deal = space.deal(index)
    ev, ec = (1.0 if rng.random() < 0.3 + 0.7 * k else 0.0 for k in kind)
    d = s.delivery
    benefit = d.vendor.benefit * (d.vendor.starved if starved else 1.0)
    vendor = space.vendor[index] - cost + d.client.benefit * ec - d.vendor.cost * ev
    client = space.client[index] - cost + benefit * ev - d.client.cost * ec
    joint = v[index] + c[index]
    share = v[index] / joint if joint > 1e-9 else np.inf
    posture = [0 if e == 0 else (2 if own <= 0.6 else 1) for e, own in ((ev, share), (ec, 1 - share))]
    by = "vendor" if rng.random() < 0.6 else "client"
    issue = next((i for i in s.issue if i.range is not None), None)
    first = dict(deal)
    if issue is not None:
        span = ns.deal_space(s).options[[i.name for i in s.issue].index(issue.name)]
        at = span.index(deal[issue.name]) + int(rng.integers(0, max(2, len(span) // 3))) * (1 if by == "vendor" else -1)
        first[issue.name] = span[min(max(at, 0), len(span) - 1)]
    return Turn(
        period,
        level,
        starved,
        deal,
        True,
        first,
        by,
        1,
        *posture,
        ev,
        ec,
        float(vendor),
        float(client),
        0.0,
        None,
        None,
    )


def game(s, rng, period, level, kind):
    n = len(s.postures("vendor")), len(s.postures("client"))
    i, j = (int(min(m - 1, rng.random() * 0.5 * m + k * 0.5 * m)) for m, k in zip(n, kind, strict=True))
    vendor, client = s.payoffs.vendor[i][j], s.payoffs.client[i][j]
    grow = s.maturity.growth * level
    vendor += grow * max(0, vendor - s.vendor.outside_option)
    client += grow * max(0, client - s.client.outside_option)
    return Turn(
        period, level, False, None, True, None, None, 0, i, j, 0.0, 0.0, float(vendor), float(client), 0.0, None, None
    )

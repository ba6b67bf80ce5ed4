"""Relational contracts: the known numbers, and each condition against its own infinite sums, added up term by term."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import SimulatorError
from simulator.solvers.relational import (
    critical_discount_pay_and_deliver,
    critical_discount_prepay_or_bonus,
    fair_share_slope,
    holds,
    largest_effort,
    least_stage_value,
    price_interval,
)


def total(stream, discount):
    """Sum of discount^t stream over t = 0, 1, ... until the rest is nothing."""
    terms = math.ceil(math.log(1e-16) / math.log(discount))
    return float(np.sum(stream * discount ** np.arange(terms)))


def once_then(now, later, discount):
    return now + discount * total(later, discount)


# Payment and delivery at once


@pytest.mark.parametrize(
    ("client", "vendor", "discount"), [(0, 0, 0.632456), (1, 1, 0.724533), (2, 0, 0.707107), (0, 2, 0.740312)]
)
def test_patience_to_pay_and_deliver(client, vendor, discount):
    # Source: VALIDATION e: value 10, cost 4.
    found = critical_discount_pay_and_deliver(10, 4, client_outside=client, vendor_outside=vendor)
    assert found == pytest.approx(discount, abs=5e-7)
    options = {"client_outside": client, "vendor_outside": vendor}
    lowest, highest = price_interval(10, 4, found + 1e-12, **options)
    assert lowest == pytest.approx(highest, abs=1e-9)
    assert price_interval(10, 4, found - 1e-6, **options) is None


def test_price_interval_at_known_numbers():
    # Source: VALIDATION e: [c/d + u_v, d (v - u_c)].
    assert price_interval(10, 4, 0.8, client_outside=1, vendor_outside=1) == pytest.approx((6, 7.2))


@pytest.mark.parametrize("seed", range(50))
def test_the_ends_of_the_interval_are_where_deviating_pays(seed):
    rng = np.random.default_rng(seed)
    d, value, cost = rng.uniform(0.5, 0.97), rng.uniform(8, 12), rng.uniform(1, 3)
    u_c, u_v = rng.uniform(0, 1, 2)
    lowest, highest = cost / d + u_v, d * (value - u_c)
    found = price_interval(value, cost, d, client_outside=u_c, vendor_outside=u_v)

    def vendor_keeps(price):
        return total(price - cost, d) >= once_then(price, u_v, d)

    def client_keeps(price):
        return total(value - price, d) >= once_then(value, u_c, d)

    assert vendor_keeps(lowest + 1e-9)
    assert not vendor_keeps(lowest - 1e-9)
    assert client_keeps(highest - 1e-9)
    assert not client_keeps(highest + 1e-9)
    assert found == (pytest.approx((lowest, highest), abs=1e-9) if lowest <= highest else None)


# Prepayment or bonus


@pytest.mark.parametrize(("options", "discount"), [((0, 0), 0.4), ((1, 1), 0.5)])
def test_patience_to_prepay(options, discount):
    # Source: VALIDATION e.
    found = critical_discount_prepay_or_bonus(10, 4, client_outside=options[0], vendor_outside=options[1])
    assert found == pytest.approx(discount, abs=1e-12)


@pytest.mark.parametrize("seed", range(50))
def test_prepaying_works_exactly_above_the_critical_discount(seed):
    rng = np.random.default_rng(seed)
    value, cost = rng.uniform(8, 12), rng.uniform(1, 4)
    u_c, u_v = rng.uniform(0, 1, 2)
    critical = critical_discount_prepay_or_bonus(value, cost, client_outside=u_c, vendor_outside=u_v)
    price = value - u_c  # the most that a client prepays
    for d, works in ((critical + 1e-6, True), (critical - 1e-6, False)):
        assert bool(total(price - cost, d) >= once_then(price, u_v, d)) is works


@given(st.floats(1, 20), st.floats(0, 10), st.floats(0, 3), st.floats(0, 3), st.sampled_from([1e-3, 1e6]))
def test_money_scales(value, cost, u_c, u_v, rate):
    for critical in (critical_discount_pay_and_deliver, critical_discount_prepay_or_bonus):
        plain = critical(value, cost, client_outside=u_c, vendor_outside=u_v)
        scaled = critical(value * rate, cost * rate, client_outside=u_c * rate, vendor_outside=u_v * rate)
        if plain < 1e6:
            assert scaled == pytest.approx(plain, rel=1e-6)


def test_nothing_to_gain_needs_endless_patience():
    assert critical_discount_pay_and_deliver(5, 1, client_outside=5) == math.inf
    assert critical_discount_prepay_or_bonus(5, 1, client_outside=3, vendor_outside=2) == math.inf
    assert critical_discount_pay_and_deliver(5, 4, vendor_outside=2) > 1


# Effort


@pytest.mark.parametrize(("d", "s", "effort"), [(0.3, 0, 0.6), (0.55, 0.1, 0.988748), (0.5, 0.2, 0.723607)])
def test_largest_effort_at_known_numbers(d, s, effort):
    # Source: VALIDATION e.
    assert largest_effort(d, s) == pytest.approx(effort, abs=5e-7)


@pytest.mark.parametrize("seed", range(50))
def test_more_than_the_largest_effort_does_not_hold(seed):
    rng = np.random.default_rng(seed)
    d, s, part = rng.uniform(0.1, 0.9), rng.uniform(0, 0.2), rng.random()
    u_v = part * s
    u_c = s - u_v

    def bonus_range(effort, rent):
        """Bonuses that the vendor works for, and that the client pays, when the vendor keeps `rent` a period."""
        cost = effort**2 / 2
        client_rent = effort - cost - s - rent
        return cost - d * total(rent, d), d * total(client_rent, d)

    found = largest_effort(d, s)
    grid = np.linspace(1e-3, 1, 400) if found is None else [found, min(1.0, found + 1e-6)]
    sustained = []
    for effort in grid:
        surplus = effort - effort**2 / 2 - u_v - u_c
        sustained.append(
            surplus >= -1e-12
            and any(low <= high + 1e-9 for low, high in (bonus_range(effort, part * surplus) for part in (0, 0.5, 1)))
        )
    if found is None:
        assert not any(sustained)
    elif found < 1:
        assert sustained == [True, False]
    else:
        assert sustained == [True, True]


def test_efficient_effort_is_the_most():
    assert largest_effort(0.9, 0.0) == 1.0
    assert largest_effort(0.9, 0.46) is None
    assert largest_effort(0.0, 0.0) == 0.0


# Over-claiming


@pytest.mark.parametrize(
    ("d", "h0", "kappa", "slope"), [(0.95, 0.02, 0, 0.1453), (0.95, 0.02, 0.9, 1.0926), (0.9, 0.05, 0.5, 0.5444)]
)
def test_over_claiming_at_known_numbers(d, h0, kappa, slope):
    # Source: VALIDATION e.
    assert fair_share_slope(d, h0, kappa) == pytest.approx(slope, abs=5e-5)


@pytest.mark.parametrize("seed", range(50))
def test_the_fair_claim_is_best_exactly_above_the_slope(seed):
    rng = np.random.default_rng(seed)
    d, h0, kappa = rng.uniform(0.5, 0.98), rng.uniform(0, 0.1), rng.uniform(0, 0.6)
    slope = fair_share_slope(d, h0, kappa)

    def worth(claim, k):
        leaves = h0 + k * max(0.0, claim - 0.5)
        return total(claim, d * ((1 - leaves) + leaves * kappa))

    claims = np.linspace(0.5, min(1.0, 0.5 + (1 - h0) / (1.01 * slope)), 40)
    assert max(worth(x, 1.01 * slope) for x in claims) == worth(0.5, 1.01 * slope)
    assert max(worth(x, 0.99 * slope) for x in claims) > worth(0.5, 0.99 * slope)


def test_a_partner_who_costs_nothing_to_lose():
    assert fair_share_slope(0.9, 0.05, 1.0) == math.inf


# Staying with a posture


def value_of_keeping(pi, d, u, q, k):
    """Discounted worth, period by period: survival, the outside option afterwards, the switching cost at the end."""
    t = np.arange(math.ceil(math.log(1e-17) / math.log(d)))
    alive = (1 - q) ** t
    return float(np.sum(d**t * (alive * (pi - q * k) + (1 - alive) * u)))


def value_of_deviating(pi, g, d, u, k):
    return once_then(pi + g - k, u, d)


@pytest.mark.parametrize("seed", range(200))
def test_the_least_stage_value_by_direct_sums(seed):
    rng = np.random.default_rng(seed)
    d, q = rng.uniform(0.3, 0.97), rng.uniform(0, 0.4)
    u, k, g = rng.uniform(-5, 5), rng.uniform(0, 4), rng.uniform(0, 6)
    terms = {"outside": u, "churn": q, "switching_cost": k}
    least = least_stage_value(g, d, **terms)
    assert value_of_keeping(least, d, u, q, k) == pytest.approx(value_of_deviating(least, g, d, u, k), abs=1e-9)
    for pi in (least + 1e-6, least - 1e-6, rng.uniform(-5, 10)):
        keeps = value_of_keeping(pi, d, u, q, k) >= value_of_deviating(pi, g, d, u, k)
        assert holds(pi, g, d, **terms) is bool(keeps)


def test_holds_is_the_least_stage_value_on_many_draws():
    # Source: VALIDATION e (20,000 random draws).
    rng = np.random.default_rng(0)
    draws = zip(
        rng.uniform(-10, 20, 20_000),
        rng.uniform(0, 10, 20_000),
        rng.uniform(0.01, 0.99, 20_000),
        rng.uniform(-5, 5, 20_000),
        rng.uniform(0, 0.9, 20_000),
        rng.uniform(0, 5, 20_000),
        strict=True,
    )
    for pi, g, d, u, q, k in draws:
        terms = {"outside": u, "churn": q, "switching_cost": k}
        assert holds(pi, g, d, **terms) == (pi >= least_stage_value(g, d, **terms))


def test_grim_holds_from_its_critical_discount_on():
    # Source: VALIDATION c: (T - R)/(T - P) = .5 in 5/3/1/0; the outside option stands for P.
    assert least_stage_value(2, 0.5, outside=1) == pytest.approx(3, abs=1e-12)
    assert holds(3, 2, 0.5, outside=1)
    assert not holds(3, 2, 0.499, outside=1)


@given(
    st.floats(0, 10), st.floats(0.05, 0.95), st.floats(-5, 5), st.floats(0, 0.9), st.floats(0, 5), st.floats(0.01, 100)
)
def test_stage_values_scale_with_money(g, d, u, q, k, rate):
    plain = least_stage_value(g, d, outside=u, churn=q, switching_cost=k)
    scaled = least_stage_value(g * rate, d, outside=u * rate, churn=q, switching_cost=k * rate)
    assert scaled == pytest.approx(plain * rate, rel=1e-9, abs=1e-6)


def test_a_certain_future_without_discount_is_allowed_only_with_churn():
    assert holds(3, 2, 1, outside=1, churn=0.1)
    with pytest.raises(SimulatorError, match="discount times"):
        holds(3, 2, 1, outside=1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: price_interval(10, -1, 0.9), "cost must be a finite number, at least 0; got -1"),
        (lambda: price_interval(10, 4, 1.0), "discount must be a finite number, above 0 and below 1; got 1.0"),
        (lambda: critical_discount_pay_and_deliver(math.nan, 1), "value must be a finite number; got nan"),
        (lambda: largest_effort(1.0, 0), "discount must be"),
        (lambda: fair_share_slope(0.9, 1.5, 0), "probability of leaving a fair partner must be"),
        (lambda: fair_share_slope(0.9, 0.5, -1), "relative worth of a new partner must be"),
        (lambda: least_stage_value(1, 0.9, churn=1), "churn must be a finite number, at least 0 and below 1; got 1"),
    ],
)
def test_bad_arguments_are_refused(call, message):
    with pytest.raises(SimulatorError, match=message):
        call()

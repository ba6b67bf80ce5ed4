"""The exact answer against a slow second implementation, written from the model's text alone.

Source of every rule below: section 2 (one period), section 9 (agents) and section 10 (what the results mean) of the
design. Nothing of the package is used but `ns.negotiate`, which has its own reference in tests/bargaining. Dictionaries
carry the mass of every state forwards, with the first two moments of what was earned so far; the package propagates
matrices and takes its moments backwards.
"""

import math
from collections import defaultdict
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import simulator as ns
from simulator.scenario.loading import build

SIDES = ("vendor", "client")
REASONS = (
    *("vendor-left", "client-left", "vendor-begrudged", "client-begrudged", "vendor-patience", "client-patience"),
    *("churn", "horizon"),
)


# -- the agents of section 9: start, play(state, starved) -> {posture: chance}, move, leave ---------------------------


def copied(me, seen):
    """The own posture at the partner's relative place, halves up; a lone posture has no place (a choice: the last)."""
    if me.m == 1 and me.n > 1:
        return me.n - 1
    return math.floor(seen * (me.n - 1) / (me.m - 1) + 0.5) if me.n != me.m else seen


def always(posture):
    return lambda me: SimpleNamespace(start=0, play=lambda s, _: {posture(me): 1.0}, move=lambda s, own, seen: s)


def tit_for_tat(first):
    def made(me):
        return SimpleNamespace(start=first(me), play=lambda s, _: {s: 1.0}, move=lambda s, own, seen: copied(me, seen))

    return made


def generous(me):
    def play(last, _):
        if last is None:
            return {me.n - 1: 1.0}
        chances = defaultdict(float)
        forgiven = 0.0 if me.theirs[last] else 1 / 3
        chances[me.n - 1] += forgiven
        chances[copied(me, last)] += 1 - forgiven
        return chances

    return SimpleNamespace(start=None, play=play, move=lambda s, own, seen: seen)


def steward(me):
    def play(posture, starved):
        return {me.n - 1 if starved else posture: 1.0}

    return SimpleNamespace(start=me.n - 1, play=play, move=lambda s, own, seen: copied(me, seen))


def win_stay(me):
    def play(last, _):
        same = last is None or me.mine[last[0]] == me.theirs[last[1]]
        return {me.n - 1 if same else 0: 1.0}

    return SimpleNamespace(start=None, play=play, move=lambda s, own, seen: (own, seen))


def grim(me):
    return SimpleNamespace(
        start=False, play=lambda s, _: {0 if s else me.n - 1: 1.0}, move=lambda s, own, seen: s or not me.theirs[seen]
    )


def two_tats(me):
    def play(last, _):
        both = len(last) == 2 and not me.theirs[last[0]] and not me.theirs[last[1]]
        return {copied(me, last[1]) if both else me.n - 1: 1.0}

    return SimpleNamespace(start=(), play=play, move=lambda s, own, seen: (*s, seen)[-2:])


def two_tits(me):
    """Of the last two perceived postures the newest competitive one is copied."""

    def play(last, _):
        bad = [seen for seen in last if not me.theirs[seen]]
        return {copied(me, bad[-1]) if bad else me.n - 1: 1.0}

    return SimpleNamespace(start=(), play=play, move=lambda s, own, seen: (*s, seen)[-2:])


def walk_away(tolerance):
    def made(me):
        return SimpleNamespace(
            start=0,
            play=lambda s, _: {me.n - 1: 1.0},
            move=lambda s, own, seen: s + (not me.theirs[seen]),
            leave=lambda s, own, seen: float(s + (not me.theirs[seen]) > tolerance),
        )

    return made


def trust_builder(me):
    return SimpleNamespace(
        start=0,
        play=lambda t, _: {0 if t < 2 else me.n - 1: 1.0},
        move=lambda t, own, seen: t + 1,
        leave=lambda t, own, seen: float(me.mine[own] != me.theirs[seen] or (t >= 2 and not me.mine[own])),
    )


def hit_and_run(me):
    return SimpleNamespace(
        start=0,
        play=lambda t, _: {0: 1.0},
        move=lambda t, own, seen: t + 1,
        leave=lambda t, own, seen: float(t + 1 >= 2),
    )


def opportunist(me):
    return SimpleNamespace(start=0, play=lambda t, _: {me.n - 1 if t < 2 else 0: 1.0}, move=lambda t, own, seen: t + 1)


def nibbler(me):
    """State: period, last nibble, and whether the partner competed right after it."""

    def nibbles(state):
        t, _, answered = state
        return t % 3 == 2 and not answered

    def move(state, own, seen):
        t, last, answered = state
        if t % 3 == 2:
            answered = False  # one turn is skipped, not more
            if nibbles(state):
                return (t + 1, t, answered)
        if last == t - 1 and not me.theirs[seen]:
            answered = True
        return (t + 1, last, answered)

    return SimpleNamespace(start=(0, -9, False), play=lambda s, _: {0 if nibbles(s) else me.n - 1: 1.0}, move=move)


def coin(me):
    chances = defaultdict(float)
    chances[me.n - 1] += 0.3
    chances[0] += 0.7
    return SimpleNamespace(start=0, play=lambda s, _: chances, move=lambda s, own, seen: s)


def memory_one(me):
    chance = {None: 0.75, (True, True): 0.9, (True, False): 0.2, (False, True): 0.6, (False, False): 0.1}

    def play(last, _):
        p = chance[last]
        chances = defaultdict(float)
        chances[me.n - 1] += p
        chances[0] += 1 - p
        return chances

    return SimpleNamespace(start=None, play=play, move=lambda s, own, seen: (me.mine[own], me.theirs[seen]))


def opposite(first):
    def made(me):
        return SimpleNamespace(
            start=first(me),
            play=lambda s, _: {s: 1.0},
            move=lambda s, own, seen: 0 if me.theirs[seen] else me.n - 1,
        )

    return made


AGENTS = {
    "always-cooperate": always(lambda me: me.n - 1),
    "always-compete": always(lambda me: 0),
    "always-claim": always(lambda me: 1 if me.n == 3 else 0),
    "tit-for-tat": tit_for_tat(lambda me: me.n - 1),
    "tit-for-tat(patience=1)": tit_for_tat(lambda me: me.n - 1),
    "suspicious-tit-for-tat": tit_for_tat(lambda me: 0),
    "generous-tit-for-tat": generous,
    "steward": steward,
    "win-stay-lose-shift": win_stay,
    "grim": grim,
    "tit-for-two-tats": two_tats,
    "two-tits-for-tat": two_tits,
    "walk-away": walk_away(0),
    "walk-away(tolerance=1)": walk_away(1),
    "trust-builder": trust_builder,
    "hit-and-run(periods=2)": hit_and_run,
    "opportunist(loyal=2)": opportunist,
    "nibbler(every=3)": nibbler,
    "random(p=0.3)": coin,
    "memory-one(cc=0.9,cd=0.2,dc=0.6,dd=0.1,first=0.75)": memory_one,
    "bully": opposite(lambda me: 0),
    "anti-tit-for-tat(patience=0)": opposite(lambda me: me.n - 1),
}


# -- the scenario, read from its document ----------------------------------------------------------------------------


def facts(scenario):
    """Everything that the reference needs to know, as plain numbers."""
    d = scenario.document()
    rules, maturity = d.get("relationship", {}), d.get("maturity", {})

    def sided(key, default):
        value = rules.get(key, default)
        return {side: value.get(side, default) if isinstance(value, dict) else value for side in SIDES}

    f = SimpleNamespace(
        horizon=d.get("horizon", 20),
        discount=d.get("discount", 1.0),
        outside={side: d.get(side, {}).get("outside_option", 0.0) for side in SIDES},
        levels=len(maturity.get("levels", ["transactional"])),
        reinvest=maturity.get("reinvest", 0.0),
        level_cost=maturity.get("level_cost", 1.0),
        decay=maturity.get("decay", 0.0),
        can_leave=rules.get("can_leave", True),
        patience=sided("patience", 0),
        fair_share=rules.get("fair_share", 0.5),
        begrudge=rules.get("begrudge", 0.0),
        switching=sided("switching_cost", 0.0),
        churn=rules.get("churn", 0.0),
        slip=sided("slip", 0.0),
        misread=sided("misread", 0.0),
        needs=0.0,
    )
    (given_payoffs if "payoffs" in d else negotiated_payoffs)(scenario, d, f)
    return f


def given_payoffs(scenario, d, f):
    payoffs, growth = d["payoffs"], d.get("maturity", {}).get("growth", 0.0)
    f.agreed = defaultdict(lambda: True)
    f.may_starve = False
    f.coop, f.pay = {}, {}
    for side in SIDES:
        names = payoffs.get("postures") or payoffs[side + "_postures"]
        said = payoffs.get("counts_as") or payoffs.get(side + "_counts_as")
        f.coop[side] = [w == "cooperate" for w in said] if said else [i >= len(names) / 2 for i in range(len(names))]
        for m in range(f.levels):
            for i, row in enumerate(payoffs[side]):
                for j, u in enumerate(row):
                    value = u + growth * m * max(0.0, u - f.outside[side])
                    f.pay[side, m, False, i, j] = f.pay[side, m, True, i, j] = value


def negotiated_payoffs(scenario, d, f):
    delivery, postures = d.get("delivery", {}), d["posture"]
    serve, aid = delivery.get("vendor", {}), delivery.get("client", {})
    f.needs, f.may_starve = serve.get("needs", 0.0), True
    f.coop = {side: [p["counts_as"] == "cooperate" for p in postures] for side in SIDES}
    f.pay, f.agreed = {}, {}
    for m in range(f.levels):
        for i, one in enumerate(postures):
            for j, two in enumerate(postures):
                talk = ns.negotiate(scenario, vendor=named(one["tactic"]), client=named(two["tactic"]), level=m)
                f.agreed[m, i, j] = talk.agreed
                e, h = (one["effort"], two["effort"]) if talk.agreed else (0.0, 0.0)
                for starved in (False, True):
                    worth = serve.get("starved", 1.0) if starved else 1.0
                    f.pay["vendor", m, starved, i, j] = (
                        talk.vendor_value - serve.get("cost", 0.0) * e + aid.get("benefit", 0.0) * h
                    )
                    f.pay["client", m, starved, i, j] = (
                        talk.client_value + serve.get("benefit", 0.0) * e * worth - aid.get("cost", 0.0) * h
                    )


def named(tactic):
    return tactic if isinstance(tactic, str) else ns.tactic(tactic["name"], share=tactic["share"])


def neighbouring(n, posture, chance):
    """What a posture comes out (or is seen) as."""
    near = [p for p in (posture - 1, posture + 1) if 0 <= p < n]
    if not near:
        return {posture: 1.0}
    return {posture: 1.0 - chance, **{p: chance / len(near) for p in near}}


# -- one relationship, period by period ------------------------------------------------------------------------------


def slow_relationship(scenario, vendor, client):
    """Expected values, lengths and reasons; with best-reply the vendor commits to the best share of the grid."""
    f = facts(scenario)
    if f.reinvest != "best-reply":
        return Slow(f, vendor, client, f.reinvest)
    tried = [Slow(f, vendor, client, k / 10) for k in range(11)]
    best = max(found.value["vendor"] for found in tried)
    return next(found for found in tried if found.value["vendor"] >= best - 1e-11 * max(1, abs(best)))


class Account:
    """Mass of relationships, with first and second moments of (vendor, client, both) earned so far."""

    def __init__(self):
        self.mass, self.first, self.second = 0.0, [0.0] * 3, [0.0] * 3

    def add(self, other, chance, gain):
        """Take in a part of another account, of which each relationship earned `gain` on the way."""
        self.mass += chance * other.mass
        for k, x in enumerate((*gain, sum(gain))):
            self.first[k] += chance * (other.first[k] + x * other.mass)
            self.second[k] += chance * (other.second[k] + 2 * x * other.first[k] + x * x * other.mass)


class Slow:
    def __init__(self, f, vendor, client, reinvest):
        self.f, self.reinvest = f, reinvest
        n, m = len(f.coop["vendor"]), len(f.coop["client"])
        self.one = AGENTS[vendor](SimpleNamespace(n=n, m=m, mine=f.coop["vendor"], theirs=f.coop["client"]))
        self.two = AGENTS[client](SimpleNamespace(n=m, m=n, mine=f.coop["client"], theirs=f.coop["vendor"]))
        own = [ns.agent(name).patience for name in (vendor, client)]
        self.patience = [f.patience[side] if p is None else p for side, p in zip(SIDES, own, strict=True)]
        self.final, self.reasons, self.healthy = Account(), dict.fromkeys(REASONS, 0.0), 0.0
        self.survival, self.occupancy = [], []
        self.run()
        self.value = dict(zip((*SIDES, "joint"), self.final.first, strict=True))
        self.variance = [s - e * e for e, s in zip(self.final.first, self.final.second, strict=True)]

    def run(self):
        f, t = self.f, 0
        alive = {(self.one.start, self.two.start, 0, False, 0, 0): Account()}
        next(iter(alive.values())).mass = 1.0
        while alive:
            self.survival.append(math.fsum(account.mass for account in alive.values()))
            self.occupancy.append(
                [math.fsum(account.mass for state, account in alive.items() if state[2] == k) for k in range(f.levels)]
            )
            alive = self.period(t, alive)
            t += 1
            left = math.fsum(account.mass for account in alive.values())
            if f.horizon == "unlimited" and left * f.discount**t < 1e-18:
                for account in alive.values():  # nothing that counts can still be earned
                    self.final.add(account, 1.0, [0.0, 0.0])
                break

    def period(self, t, alive):
        """Carry every state through one period; returns the states that live on."""
        f = self.f
        last = f.horizon != "unlimited" and t == f.horizon - 1
        following = defaultdict(Account)
        worth = f.discount**t
        for (sv, sc, level, starved, *bad), account in alive.items():
            for i, j, seen_v, seen_c, chance in self.actions(sv, sc, starved):
                pay = [f.pay[side, level, starved, i, j] for side in SIDES]
                surplus = pay[0] - f.outside["vendor"]
                fails = not f.agreed[level, i, j]
                below = [fails or pay[k] < f.outside[side] - 1e-9 for k, side in enumerate(SIDES)]
                self.healthy += account.mass * chance * (not any(below))
                # Reinvest.
                both = f.coop["vendor"][i] and f.coop["client"][j]
                invested = self.reinvest * surplus if both and surplus > 0 and level < f.levels - 1 else 0.0
                up = min(1.0, invested / f.level_cost)
                down = f.decay if not both and level > 0 else 0.0
                earned = [worth * (pay[0] - invested), worth * pay[1]]
                if last:
                    self.reasons["horizon"] += account.mass * chance
                    self.final.add(account, chance, earned)
                    continue
                # Review.
                count = [b + 1 if is_below else 0 for b, is_below in zip(bad, below, strict=True)]
                wishes = (leaves(self.one, sv, i, seen_v), leaves(self.two, sc, j, seen_c))
                begrudged = tuple(self.begrudges(pay, k) for k in range(2))
                tired = tuple(float(0 < self.patience[k] <= count[k]) for k in range(2))
                on = chance
                if f.can_leave:
                    for step, (v, c) in enumerate((wishes, begrudged, tired)):
                        self.end(t, REASONS[2 * step], account, on * (v * (1 - c) + v * c / 2), earned)
                        self.end(t, REASONS[2 * step + 1], account, on * (c * (1 - v) + v * c / 2), earned)
                        on *= (1 - v) * (1 - c)
                self.end(t, "churn", account, on * f.churn, earned)
                on *= 1 - f.churn
                # The next period begins.
                hungry = f.may_starve and surplus < f.needs - 1e-9
                moves = (self.one.move(sv, i, seen_v), self.two.move(sc, j, seen_c))
                for to, q in ((level + 1, up), (level - 1, down), (level, 1 - up - down)):
                    if on * q > 0:
                        following[(*moves, to, hungry, *count)].add(account, on * q, earned)
        return following

    def actions(self, sv, sc, starved):
        """Actual postures, what the vendor and the client see, and the chance; the client sees a starved vendor."""
        f = self.f
        n, m = len(f.coop["vendor"]), len(f.coop["client"])
        actual = [defaultdict(float), defaultdict(float)]
        for k, (side, size, chances) in enumerate(
            (("vendor", n, self.one.play(sv, False)), ("client", m, self.two.play(sc, starved)))
        ):
            for meant, p in chances.items():
                for posture, q in neighbouring(size, meant, f.slip[side]).items():
                    actual[k][posture] += p * q
        for i, p in actual[0].items():
            for j, q in actual[1].items():
                for seen_v, r in neighbouring(m, j, f.misread["vendor"]).items():
                    for seen_c, s in neighbouring(n, i, f.misread["client"]).items():
                        if p * q * r * s > 0:
                            yield i, j, seen_v, seen_c, p * q * r * s

    def begrudges(self, pay, k):
        gains = [pay[0] - self.f.outside["vendor"], pay[1] - self.f.outside["client"]]
        if sum(gains) <= 1e-9:  # positive beyond rounding
            return 0.0
        return min(1.0, max(0.0, self.f.begrudge * (self.f.fair_share - gains[k] / sum(gains))))

    def end(self, t, reason, account, chance, earned):
        """An early end in period t: both pay their switching costs and have their outside options from then on."""
        if chance <= 0:
            return
        f = self.f
        if f.horizon != "unlimited":
            rest = math.fsum(f.discount**k for k in range(t + 1, f.horizon))
        else:
            rest = f.discount ** (t + 1) / (1 - f.discount) if f.discount < 1 else 0.0
        gain = [earned[k] - f.discount**t * f.switching[side] + f.outside[side] * rest for k, side in enumerate(SIDES)]
        self.reasons[reason] += account.mass * chance
        self.final.add(account, chance, gain)


def leaves(agent, state, own, seen):
    return agent.leave(state, own, seen) if hasattr(agent, "leave") else 0.0


# -- random scenarios ------------------------------------------------------------------------------------------------

chance = st.sampled_from([0.0, 0.0, 0.05, 0.2, 0.5])
money = st.integers(-4, 8).map(float)


@st.composite
def relationship_table(draw):
    return {
        "can_leave": draw(st.sampled_from([True, True, True, False])),
        "patience": {side: draw(st.integers(0, 3)) for side in SIDES},
        "fair_share": draw(st.sampled_from([0.3, 0.5, 0.7])),
        "begrudge": draw(st.sampled_from([0.0, 0.6, 5.0])),
        "switching_cost": {side: draw(st.integers(0, 3)) * 1.0 for side in SIDES},
        "churn": draw(chance),
        "slip": {side: draw(chance) for side in SIDES},
        "misread": {side: draw(st.sampled_from([0.0, 0.0, 0.1])) for side in SIDES},
    }


@st.composite
def common(draw):
    return {
        "id": "random",
        "title": "Random",
        "horizon": draw(st.integers(1, 6)),
        "discount": draw(st.sampled_from([1.0, 0.9, 0.5])),
        "vendor": {"name": "V", "outside_option": draw(st.integers(-2, 4)) * 1.0},
        "client": {"name": "C", "outside_option": draw(st.integers(-2, 4)) * 1.0},
        "relationship": draw(relationship_table()),
    }


def maturity(draw, worth):
    levels = draw(st.integers(1, 3))
    return {
        "levels": [f"level {k}" for k in range(levels)],
        worth: draw(st.sampled_from([0.0, 0.5, 1.0])) if worth == "growth" else draw(st.integers(-1, 3)) * 1.0,
        "reinvest": draw(st.sampled_from([0.0, 0.3, 0.3, 1.0])),
        "level_cost": draw(st.sampled_from([0.5, 2.0, 10.0])),
        "decay": draw(chance),
    }


@st.composite
def games(draw):
    """Payoffs given directly, lists of the same or of different length."""
    n, m = draw(st.sampled_from([(2, 2), (2, 2), (3, 3), (2, 3), (3, 2), (2, 4), (1, 2)]))
    payoffs = {"vendor_postures": [f"v{i}" for i in range(n)], "client_postures": [f"c{j}" for j in range(m)]}
    for side in SIDES:
        payoffs[side] = [[draw(money) for _ in range(m)] for _ in range(n)]
    if draw(st.booleans()):
        for side, size in zip(SIDES, (n, m), strict=True):
            payoffs[side + "_counts_as"] = [draw(st.sampled_from(["compete", "cooperate"])) for _ in range(size)]
    return build({**draw(common()), "payoffs": payoffs, "maturity": maturity(draw, "growth")})


@st.composite
def deals(draw):
    """Issues, tactics, efforts and starvation."""
    worths = st.lists(st.integers(-6, 12).map(float), min_size=3, max_size=3)
    tactics = st.sampled_from(
        ["hard-bargainer", "logroller", "boulware", "conceder", {"name": "principled", "share": 0.4}]
    )
    effort = st.sampled_from([0.0, 0.5, 1.0])
    document = {
        **draw(common()),
        "base": {"vendor": draw(money), "client": draw(money)},
        "issue": [
            {
                "name": "price",
                "range": {"from": 0.0, "to": 6.0, "step": 1.5},
                "vendor": {"per_unit": 1.0},
                "client": {"per_unit": -1.0},
            },
            {"name": "support", "options": ["a", "b", "c"], "vendor": draw(worths), "client": draw(worths)},
        ],
        "negotiation": {
            "rounds": draw(st.integers(1, 8)),
            "round_cost": draw(st.sampled_from([0.0, 0.25])),
            "first_offer": draw(st.sampled_from(SIDES)),
        },
        "delivery": {
            "vendor": {
                "cost": 1.0,
                "benefit": draw(st.sampled_from([0.0, 3.0])),
                "needs": draw(st.integers(-1, 6)) * 1.0,
                "starved": draw(st.sampled_from([0.0, 0.5, 1.0])),
            },
            "client": {"cost": 0.5, "benefit": draw(st.sampled_from([0.0, 2.0]))},
        },
        "posture": [
            {"name": f"p{k}", "tactic": draw(tactics), "effort": draw(effort), "counts_as": word}
            for k, word in enumerate(["compete", "compete", "cooperate"][draw(st.integers(0, 1)) :])
        ],
        "maturity": maturity(draw, "value_per_level"),
    }
    return build(document)


pairs = st.tuples(st.sampled_from(sorted(AGENTS)), st.sampled_from(sorted(AGENTS)))
few = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def check(scenario, vendor, client, *, lengths=True):
    fast, slow = ns.relationship(scenario, vendor=vendor, client=client), slow_relationship(scenario, vendor, client)
    values = (fast.vendor_value, fast.client_value, fast.joint_value)
    assert values == pytest.approx(tuple(slow.value.values()), abs=1e-9, rel=1e-9)
    deviations = (fast.vendor_value_sd, fast.client_value_sd, fast.joint_value_sd)
    scale = 1 + max(abs(v) for v in slow.value.values()) ** 2
    assert [sd**2 for sd in deviations] == pytest.approx(slow.variance, abs=1e-11 * scale, rel=1e-9)
    if lengths:
        length = math.fsum(slow.survival)
        variance = math.fsum((2 * t + 1) * s for t, s in enumerate(slow.survival)) - length**2
        assert fast.expected_length == pytest.approx(length, abs=1e-9)
        assert fast.length_sd**2 == pytest.approx(variance, abs=1e-9)
        assert fast.healthy_length == pytest.approx(slow.healthy, abs=1e-9)
        assert fast.end_reasons == pytest.approx(slow.reasons, abs=1e-9)
        n = min(len(slow.survival), len(fast.survival))
        assert fast.survival[:n] == pytest.approx(slow.survival[:n], abs=1e-9)
        assert fast.survival[n:].sum() + sum(slow.survival[n:]) <= 1e-9
        assert fast.level_occupancy.shape == (len(fast.survival), len(scenario.levels))
        assert fast.level_occupancy[:n].ravel() == pytest.approx(
            [x for row in slow.occupancy[:n] for x in row], abs=1e-9
        )


@few
@given(games(), pairs)
def test_given_payoffs(scenario, pair):
    check(scenario, *pair)


@few
@given(deals(), pairs)
def test_negotiated_payoffs(scenario, pair):
    check(scenario, *pair)


@settings(few, max_examples=25)
@given(st.one_of(games(), deals()), pairs)
def test_best_reply_reinvestment(scenario, pair):
    changes = {"maturity.levels": ["low", "high"], "maturity.reinvest": "best-reply", "horizon": 4}
    if not isinstance(scenario.maturity.value_per_level, tuple):
        check(scenario.replace(changes), *pair)


@settings(few, max_examples=20)
@given(st.one_of(games(), deals()), pairs)
def test_unlimited_discounted(scenario, pair):
    check(scenario.replace({"horizon": "unlimited", "discount": 0.25}), *pair, lengths=False)


@settings(few, max_examples=20)
@given(st.one_of(games(), deals()), pairs)
def test_unlimited_with_a_certain_end(scenario, pair):
    changes = {"horizon": "unlimited", "discount": 1.0, "relationship.churn": 0.75}
    check(scenario.replace({**changes, "vendor.outside_option": 0.0, "client.outside_option": 0.0}), *pair)

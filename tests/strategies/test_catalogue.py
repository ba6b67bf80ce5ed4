"""Every agent of the catalogue against scripted partners, and what all agents are: values with parameters.

Source of every table: section 9 of the design (names and rules of the agents). A table shows the partner's perceived
postures, one character each, and the postures that the agent answers with: C is the last posture of the list, D the
first, b the second of three (it claims: counts as competition).
"""

import pickle

import numpy as np
import pytest

import simulator as ns
from simulator.parameters import parse_calls
from simulator.strategies.catalogue import CATALOGUE, as_agents

LETTERS = {2: "DC", 3: "DbC"}


def setting(n_own=2, n_partner=2, payoffs=None, side="vendor"):
    flags = {1: (False,), 2: (False, True), 3: (False, False, True), 4: (False, False, True, True)}
    if payoffs is None:
        payoffs = [[1.0, 5.0], [0.0, 3.0]] if (n_own, n_partner) == (2, 2) else np.zeros((n_own, n_partner))
    return ns.Setting(side, flags[n_own], flags[n_partner], np.array(payoffs, dtype=float))


def answers(agent, script, *, n=2, own=None, starved=""):
    """Postures chosen against the script, and the period after which the agent leaves (None: never).

    `own` scripts the own actual postures where slips are to turn them into others; a `*` of `starved` marks the
    periods in which the partner is starved.
    """
    automaton = ns.agent(agent).automaton(setting(n, n))
    state, made = automaton.start, ""
    for t, letter in enumerate(script):
        chances = automaton.play[int(starved[t : t + 1] == "*"), state]
        assert chances.max() == 1.0, "this table is for agents that do not toss coins"
        made += LETTERS[n][int(chances.argmax())]
        actual = LETTERS[n].index(own[t] if own else made[-1])
        seen = LETTERS[n].index(letter)
        if automaton.leave[state, actual, seen] > 0:
            assert automaton.leave[state, actual, seen] == 1.0
            return made, t
        state = automaton.move[state, actual, seen]
    return made, None


@pytest.mark.parametrize(
    ("agent", "script", "made"),
    [
        ("always-cooperate", "DCDDC", "CCCCC"),
        ("always-compete", "DCDDC", "DDDDD"),
        ("always-claim", "DCDDC", "DDDDD"),
        ("tit-for-tat", "CDDCDC", "CCDDCD"),
        ("suspicious-tit-for-tat", "CDDCDC", "DCDDCD"),
        ("anti-tit-for-tat", "CDDCDC", "CDCCDC"),
        ("bully", "CDDCDC", "DDCCDC"),
        ("alternator", "CDDCDC", "CDCDCD"),
        ("tit-for-two-tats", "DCDDDCD", "CCCCDDC"),
        ("two-tits-for-tat", "DCCCDDCCC", "CDDCCDDDC"),
        ("hard-tit-for-tat", "DCCCCDCDCCC", "CDDDCCDDDDD"),
        ("grim", "CCDCCC", "CCCDDD"),
        # cooperates first; then iff both did the same last time
        ("win-stay-lose-shift", "CDDCCD", "CCDCCC"),
        ("opportunist(loyal=2)", "CDCDC", "CCDDD"),
        ("opportunist(loyal=0)", "CDC", "DDD"),
        # competes in periods every-1, 2 every-1, ...
        ("nibbler", "CCCCCCCCCCCC", "CCCDCCCDCCCD"),
        # the partner competes right after the first nibble (period 4): the one in period 7 is skipped, not that in 11
        ("nibbler", "CCCCDCCCCCCC", "CCCDCCCCCCCD"),
        # competing at any other time changes nothing
        ("nibbler", "DDDDCDDDCDDD", "CCCDCCCDCCCD"),
        ("nibbler(every=2)", "CCDCCC", "CDCCCD"),
        ("nibbler(every=1)", "CCC", "DDD"),
        ("memory-one", "CDDC", "CCDD"),
        ("memory-one(dd=1)", "CDDC", "CCDC"),
        ("conditional-leaver(action=compete,leave_on_compete=false)", "CDC", "DDD"),
    ],
)
def test_two_postures(agent, script, made):
    assert answers(agent, script) == (made, None)


@pytest.mark.parametrize(
    ("agent", "script", "made"),
    [
        # Copying agents copy the posture itself; the middle one counts as competition.
        ("tit-for-tat", "bDCb", "CbDC"),
        ("suspicious-tit-for-tat", "bDCb", "DbDC"),
        ("tit-for-two-tats", "DbDCbb", "CCbDCC"),
        ("two-tits-for-tat", "bCCC", "CbbC"),
        ("two-tits-for-tat", "bDCC", "CbDD"),
        ("hard-tit-for-tat", "bCCCC", "CbbbC"),
        # The others know only their last and their first posture.
        ("always-claim", "CDb", "bbb"),
        ("always-compete", "CDb", "DDD"),
        ("grim", "CbCC", "CCDD"),
        ("win-stay-lose-shift", "CbDCC", "CCDCC"),
        ("bully", "CbD", "DDC"),
        ("anti-tit-for-tat", "CbD", "CDC"),
    ],
)
def test_three_postures(agent, script, made):
    assert answers(agent, script, n=3) == (made, None)


@pytest.mark.parametrize(
    ("agent", "script", "made", "left"),
    [
        ("walk-away", "CCD", "CCC", 2),
        ("walk-away(tolerance=2)", "DCDCD", "CCCCC", 4),  # more than that many, in total
        ("hit-and-run", "C", "D", 0),
        ("hit-and-run(periods=3)", "CDC", "DDD", 2),
        ("conditional-leaver", "CCD", "CCC", 2),
        ("conditional-leaver(leave_on_cooperate=true,leave_on_compete=false)", "DDC", "CCC", 2),
        # competes for two periods, then cooperates; leaves when the postures differ, later also on both competing
        ("trust-builder", "DDCCD", "DDCCC", 4),
        ("trust-builder", "DC", "DD", 1),
        ("trust-builder(periods=0)", "CD", "CC", 1),
    ],
)
def test_leaving(agent, script, made, left):
    assert answers(agent, script) == (made, left)


def test_trust_builder_leaves_when_its_own_slip_breaks_the_match():
    assert answers("trust-builder", "DDC", own="DDD") == ("DDC", 2)  # slipped in the third period
    assert answers("trust-builder", "DDD", own="DDD") == ("DDC", 2)  # both compete after the trust phase
    assert answers("trust-builder", "DD", own="DD") == ("DD", None)  # both compete within it


def test_agents_answer_their_own_actual_posture():
    # Slips: intended C, actual D against C is "not the same".
    assert answers("win-stay-lose-shift", "CCC", own="CDC") == ("CCD", None)
    # memory-one's first letter is the own actual posture: dc = 0 punishes its own slip.
    assert answers("memory-one(dc=0)", "CCC", own="CDC") == ("CCD", None)


def test_steward_builds_towards_a_starved_partner():
    assert answers("steward", "DDDD", starved="  * ") == ("CDCD", None)
    assert answers("steward", "CDCD") == answers("tit-for-tat", "CDCD")


@pytest.mark.parametrize(
    ("agent", "first", "after"),
    [
        ("random(p=0.3)", [0.7, 0.3], {"C": [0.7, 0.3], "D": [0.7, 0.3]}),
        ("generous-tit-for-tat", [0, 1], {"C": [0, 1], "D": [2 / 3, 1 / 3]}),
        ("memory-one(cc=.9,cd=.2,first=.6)", [0.4, 0.6], {"C": [0.1, 0.9], "D": [0.8, 0.2]}),
        # Press & Dyson 2012, chi = 3, phi = 1/26 on 5/3/1/0: (11/13, 1/2, 7/26, 0); VALIDATION c.
        ("extortioner(chi=3,phi=1/26)", [0, 1], {"C": [2 / 13, 11 / 13], "D": [1 / 2, 1 / 2]}),
    ],
)
def test_chances(agent, first, after):
    automaton = ns.agent(agent).automaton(setting())
    assert automaton.play[0, automaton.start] == pytest.approx(first)
    for letter, chances in after.items():  # own actual posture C
        state = automaton.move[automaton.start, 1, "DC".index(letter)]
        assert automaton.play[0, state] == pytest.approx(chances)


def extortion(payoffs=((1, 5), (0, 3)), **parameters):
    """Chances to cooperate after cc, cd, dc, dd (first letter own)."""
    automaton = ns.agent("extortioner", **parameters).automaton(setting(payoffs=payoffs))
    states = [automaton.move[automaton.start, own, seen] for own in (1, 0) for seen in (1, 0)]
    return [automaton.play[0, state][1] for state in states]


def test_extortioner_is_press_and_dysons():
    # VALIDATION c: (11/13, 1/2, 7/26, 0) with chi = 3 and phi = 1/26; the largest phi is 1/13, the default half of it.
    assert extortion(phi=1 / 26) == pytest.approx([11 / 13, 1 / 2, 7 / 26, 0], abs=1e-12)
    assert extortion() == pytest.approx([11 / 13, 1 / 2, 7 / 26, 0], abs=1e-12)
    assert extortion(phi=1 / 13) == pytest.approx([9 / 13, 0, 7 / 13, 0], abs=1e-12)
    assert extortion(chi=1, phi=1 / 5) == pytest.approx([1, 0, 1, 0], abs=1e-12)  # tit-for-tat
    with pytest.raises(ns.SimulatorError, match=r"phi may be at most 0\.0769231"):
        extortion(phi=0.08)


@pytest.mark.parametrize("unit", [0.001, 1000.0])
def test_extortioner_does_not_depend_on_the_unit_of_money(unit):
    # Press & Dyson, equations 14 and 15: only ratios of payoff differences enter, so phi has no unit.
    scaled = [[7 + unit * x for x in row] for row in ((1, 5), (0, 3))]
    assert extortion(scaled, phi=1 / 26) == pytest.approx([11 / 13, 1 / 2, 7 / 26, 0], abs=1e-9)


def test_extortioner_needs_a_dilemma():
    with pytest.raises(ns.SimulatorError, match=r"T > R > P > S.*here T = 3, R = 4, P = 2, S = 1"):
        extortion([[2, 3], [1, 4]])


# Lists of different length: index round(i (n_own-1)/(n_partner-1)), halves up.
@pytest.mark.parametrize(
    ("n_own", "n_partner", "copies"),
    [
        *[(2, 3, [0, 1, 1]), (3, 2, [0, 2]), (3, 4, [0, 1, 1, 2]), (4, 3, [0, 2, 3]), (2, 4, [0, 0, 1, 1])],
        *[(4, 2, [0, 3]), (3, 3, [0, 1, 2]), (1, 3, [0, 0, 0])],
    ],
)
def test_copying_across_lists_of_different_length(n_own, n_partner, copies):
    here = setting(n_own, n_partner)
    assert [here.copy_of(i) for i in range(n_partner)] == copies
    automaton = ns.agent("tit-for-tat").automaton(here)
    for seen, copy in enumerate(copies):
        assert automaton.play[0, automaton.move[automaton.start, 0, seen]][copy] == 1.0


# -- agents as values ------------------------------------------------------------------------------------------------

VARIANTS = [
    *(cls() for cls in CATALOGUE.values()),
    *(cls(patience=2) for cls in CATALOGUE.values()),
    ns.agent("generous-tit-for-tat", generosity=1 / 7),
    ns.agent("memory-one", cc=0.1 + 0.2, cd=1e-9, dc=2 / 3, dd=1, first=0),
    ns.agent("extortioner", chi=2.5, phi=0.01, patience=0),
    ns.agent("conditional-leaver", action="compete", leave_on_cooperate=True, leave_on_compete=False),
]


@pytest.mark.parametrize("agent", VARIANTS, ids=str)
def test_agents_are_values(agent):
    assert ns.agent(str(agent)) == agent, "the written form reads back"
    twin = pickle.loads(pickle.dumps(agent))
    assert (twin, hash(twin), str(twin)) == (agent, hash(agent), str(agent))
    assert agent.with_parameters() == agent
    assert ns.agent(agent) is agent
    with pytest.raises(AttributeError):
        agent.patience = 5
    others = [other for other in VARIANTS if other is not agent]
    assert agent not in others


def test_written_form_leaves_defaults_out():
    assert str(ns.agent("memory-one", cc=1.0, dd=0.25, patience=3)) == "memory-one(patience=3, dd=0.25)"
    assert str(ns.agent("walk-away", tolerance=np.int64(2))) == "walk-away(tolerance=2)"
    assert str(ns.agent("random", p=0.5)) == "random"


def test_catalogue_has_the_names_of_the_contract():
    by_family = {}
    for agent in ns.agents():
        by_family.setdefault(agent.family, []).append(agent.name)
        assert agent.rule
        assert agent.source
    assert by_family == {
        "cooperative": [
            *("always-cooperate", "generous-tit-for-tat", "tit-for-two-tats", "trust-builder", "walk-away", "steward")
        ],
        "reciprocal": [
            *("tit-for-tat", "win-stay-lose-shift", "grim", "two-tits-for-tat", "hard-tit-for-tat", "memory-one"),
            "conditional-leaver",
        ],
        "competitive": [
            *("always-compete", "always-claim", "suspicious-tit-for-tat", "hit-and-run", "opportunist", "extortioner"),
            *("bully", "nibbler"),
        ],
        "control": ["random", "alternator", "anti-tit-for-tat"],
    }


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("tit-for-tta", {}, "unknown agent 'tit-for-tta'; did you mean 'tit-for-tat'"),
        ("grim", {"p": 1}, "agent 'grim' has no parameter 'p'; its parameters: patience"),
        ("random", {"q": 1}, "its parameters: patience, bid, p"),
        ("generous-tit-for-tat", {"generosty": 1}, "did you mean 'generosity'?"),
        ("random", {"p": 1.5}, "agent 'random': p is 1.5; allowed: a number from 0 to 1"),
        ("random", {"p": float("nan")}, "p is nan; allowed: a number from 0 to 1"),
        ("random", {"p": True}, "p is True; allowed: a number from 0 to 1"),
        ("opportunist", {"loyal": 1.5}, "loyal is 1.5; allowed: a whole number of at least 0"),
        ("opportunist", {"loyal": -1}, "loyal is -1"),
        ("hit-and-run", {"periods": 0}, "periods is 0; allowed: a whole number of at least 1"),
        ("walk-away", {"tolerance": 10**5000}, "a number of thousands of digits; allowed: a whole number"),
        ("extortioner", {"chi": 0.5}, "chi is 0.5; allowed: a number of at least 1"),
        ("extortioner", {"phi": 0}, "phi is 0; allowed: a number above 0"),
        ("conditional-leaver", {"action": "compet"}, "allowed: 'cooperate' or 'compete'; did you mean 'compete'"),
        ("conditional-leaver", {"leave_on_compete": 1}, "leave_on_compete is 1; allowed: true or false"),
        ("tit-for-tat", {"patience": -1}, "patience is -1; allowed: a whole number of at least 0"),
        ("tit-for-tat", {"patience": 1.5}, "patience is 1.5; allowed"),
        ("tit-for-tat", {"patience": True}, "patience is True; allowed"),
    ],
)
def test_what_is_refused(name, parameters, message):
    with pytest.raises(ns.SimulatorError) as refused:
        ns.agent(name, **parameters)
    assert message in str(refused.value)


def test_lists_of_agents():
    named = as_agents("tit-for-tat, generous-tit-for-tat(generosity=0.3), random(p=1/4,patience=2)")
    assert [str(agent) for agent in named] == [
        "tit-for-tat",
        "generous-tit-for-tat(generosity=0.3)",
        "random(patience=2, p=0.25)",
    ]
    assert as_agents(", ".join(map(str, VARIANTS))) == tuple(VARIANTS)
    with pytest.raises(ns.SimulatorError, match="'random' is named twice"):
        as_agents("random, random(p=0.5)")
    with pytest.raises(ns.SimulatorError, match="no agent is named"):
        as_agents(" , ")


@pytest.mark.parametrize("text", ["grim(", "grim)", "grim(p", "grim(p)", "grim(p=)", "grim(=1)", "2tats", "grim x", ""])
def test_unreadable_names(text):
    with pytest.raises(ns.SimulatorError, match="cannot read"):
        ns.agent(text)


def test_unreadable_list():
    with pytest.raises(ns.SimulatorError, match="cannot read"):
        parse_calls("grim, random(p=0.5")


def test_automaton_refuses_what_is_no_strategy():
    good = ns.agent("tit-for-tat").automaton(setting())
    broken = {
        "shape": {"leave": np.zeros((1, 2, 2))},
        "probability distribution": {"play": good.play * 0.9},
        r"\[0, 1\]": {"leave": good.leave + 2},
        "between 0 and 1": {"move": good.move + 1},
    }
    for words, change in broken.items():
        with pytest.raises(ns.SimulatorError, match=words):
            ns.Automaton(**{**vars(good), **change})

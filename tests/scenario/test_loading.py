"""What loading a scenario says: every fault at once, each with file and line, in plain words; and nothing else.

Source: sections 5 and 8 of the design (`file:line: what is wrong; what is allowed; did you mean ...?`, unknown keys are
errors, required keys, neutral defaults).
"""

import contextlib
import pickle
import re
import tomllib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import simulator as ns
from simulator.scenario.loading import build
from simulator.scenario.toml_writer import to_toml

SMALL = """id = "small"
title = "Small"
[[issue]]
name = "price"
range = { from = 0, to = 4, step = 1 }
vendor = { per_unit = 1 }
client = { per_unit = -1 }
"""


@pytest.fixture
def load(tmp_path):
    def loaded(text):
        path = tmp_path / "deal.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return ns.load_scenario(path)

    return loaded


def messages(load, text):
    """The faults, one a line, without the folder."""
    with pytest.raises(ns.ScenarioError) as refused:
        load(text)
    return [re.sub(r"^.*[/\\]deal\.toml", "deal.toml", line) for line in str(refused.value).split("\n")]


def test_neutral_defaults(load):
    # Section 8, "Neutral defaults".
    s = load(SMALL)
    assert (s.horizon, s.discount, s.period, s.unlimited) == (20, 1.0, "period", False)
    assert (s.vendor.outside_option, s.client.outside_option, s.base.vendor, s.base.client) == (0, 0, 0, 0)
    rules = s.negotiation
    assert (rules.rounds, rules.round_cost, rules.first_offer) == (20, 0, "vendor")
    d = s.delivery
    assert (d.vendor.cost, d.vendor.benefit, d.vendor.needs, d.vendor.starved) == (0, 0, 0, 1)
    assert (d.client.cost, d.client.benefit) == (0, 0)
    assert s.postures("vendor") == s.postures("client") == ("squeeze", "claim", "build")
    assert s.cooperates("vendor") == (False, False, True)
    assert [(p.tactic.name, p.effort) for p in s.posture_choices("client")] == [
        ("hard-bargainer", 0),
        ("hard-bargainer", 1),
        ("principled", 1),
    ]
    m, r = s.maturity, s.relationship
    assert (len(m.levels), m.value_per_level, m.growth, m.reinvest, m.level_cost, m.decay) == (1, 0, 0, 0, 1, 0)
    assert (r.can_leave, r.fair_share, r.begrudge, r.churn) == (True, 0.5, 0, 0)
    for both in (r.patience, r.switching_cost, r.slip, r.misread):
        assert (both.vendor, both.client) == (0, 0)


def test_one_number_stands_for_both_sides(load):
    s = load(SMALL + "[relationship]\nslip = 0.1\nmisread = { client = 0.2 }\npatience = { vendor = 3, client = 0 }\n")
    assert (s.relationship.slip.vendor, s.relationship.slip.client) == (0.1, 0.1)
    assert (s.relationship.misread.vendor, s.relationship.misread.client) == (0, 0.2)
    assert s.relationship.patience.vendor == 3


def test_every_fault_at_once_in_the_order_of_the_file(load):
    text = """id = "a b"
horizon = 0
discout = 0.9

[vendor]
outside_option = "24"

[[issue]]
name = "price"
range = { from = 5, to = 1, step = 0 }
[[issue]]
name = "price"
options = ["a", "b", "a"]
vendor = [1, 2]

[negotiation]
first_offer = "vender"

[[posture]]
name = "p"
tactic = "hard-bargianer"
effort = 1.5

[relationship]
slip = { vendor = 2 }
"""
    found = messages(load, text)
    expected = [
        ("deal.toml: title is missing", "required"),
        ("deal.toml:1: id is 'a b'", "letters, digits, dots and dashes"),
        ("deal.toml:2: horizon is 0", "at least 1 or 'unlimited'"),
        ("deal.toml:3: unknown key discout", "did you mean 'discount'?"),
        ("deal.toml:6: vendor.outside_option is '24'", "allowed: a number"),
        ("deal.toml:10: issue 'price' has an empty range: from 5 to 1", "to must not be below from"),
        ("deal.toml:10: issue 'price' range.step is 0", "more than 0"),
        ("deal.toml:12: two issues are named 'price'", "each issue its own name"),
        ("deal.toml:13: issue 'price' lists the option 'a' twice", "each option once"),
        ("deal.toml:14: issue 'price' has 2 worths for the vendor and 3 options", "one number for each option"),
        ("deal.toml:17: negotiation.first_offer is 'vender'", "did you mean 'vendor'?"),
        ("deal.toml:21: unknown tactic 'hard-bargianer'", "did you mean 'hard-bargainer'?"),
        ("deal.toml:22: posture 'p' effort is 1.5", "a number from 0 to 1"),
        ("deal.toml:25: relationship.slip.vendor is 2", "a number from 0 to 1"),
    ]
    assert len(found) == len(expected), "\n".join(found)
    for (start, part), line in zip(
        expected, sorted(found, key=lambda m: [e[0] in m for e in expected][::-1]), strict=True
    ):
        assert line.startswith(start), "\n".join(found)
        assert part in line
    numbers = [int(line.split(":")[1]) for line in found if line.split(":")[1].isdigit()]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ('x = "', "deal.toml:8: not valid TOML"),
        ("name = 'again'", "deal.toml:8: not valid TOML"),
        ("horizon = " + "1" * 5000, "not valid TOML: Exceeds the limit"),
        # a misspelt table that has only a header of an inner table
        ("[relatonship.slip]\nvendor = 0.1", "deal.toml:8: unknown key relatonship"),
        ("relationship.slipp = 0.1", "deal.toml:8: unknown key"),
        ('[payoffs]\npostures = ["a"]\nvendor = [[1]]\nclient = [[1]]', "issue has no meaning beside [payoffs]"),
        (
            "[maturity]\ngrowth = 1",
            "deal.toml:9: maturity.growth has no meaning with issues; use maturity.value_per_level",
        ),
        ('[maturity]\nlevels = ["a", "b"]\nvalue_per_level = [0]', "has 1 entries and there are 2 levels"),
        ('[maturity]\nlevels = ["a", "b"]\nvalue_per_level = [1, 2]', "begins with 1; worth over the first level"),
        ('[maturity]\nlevels = ["a", "a"]', "two maturity levels are named 'a'"),
        ("[maturity]\nlevels = []", "deal.toml:9: maturity.levels is"),
        ('[maturity]\nreinvest = "bestreply"', "'best-reply'"),
        ("[[vendor_posture]]\nname = 'a'\ntactic = 'linear'\neffort = 1", "only the vendor's postures are given"),
        (
            "[[posture]]\nname = 'a'\ntactic = 'random-offers'\neffort = 1",
            "deal.toml:10: tactic 'random-offers' is random",
        ),
        (
            "[[posture]]\nname = 'a'\ntactic = { name = 'principled', shar = 1 }\neffort = 1",
            "tactic 'principled' has no parameter 'shar'; its parameters: share, floor; did you mean 'share'?",
        ),
        (
            "[[posture]]\nname = 'a'\ntactic = { name = 'principled', share = 2 }\neffort = 1",
            "share is 2; allowed: a number",
        ),
        ("[[posture]]\ntactic = 'linear'\neffort = 1", "deal.toml:8: posture 1 name is missing"),
        ("[[issue]]\nname = 'b'", "deal.toml:8: issue 'b' needs its options"),
        ("[[issue]]\nname = 'b'\noptions = []", "has no options: the deal space is empty"),
        ("[[issue]]\nname = 'b'\noptions = ['x']\nvendor = { per_unit = 1 }", "has options in words"),
        ("[[issue]]\nname = 'b'\nrange = { from = 0, to = 1e7, step = 1 }", "the deal space has 50,000,005 deals"),
        ("[[issue]]\nname = 'b'\nrange = { from = 0, to = 1, step = 1e-320 }", "more than 1e15 deals"),
        ("[[issue]]\nname = 'b'\nrange = { from = -1e308, to = 1e308, step = 1 }", "more than 1e15 deals"),
        ("[vendor]\noutside_option = " + "1" * 400, "allowed: a number"),
        ("[vendor]\noutside_option = inf", "deal.toml:9: vendor.outside_option is inf; allowed: a finite number"),
        ("[negotiation]\nrounds = 20.0", "rounds is 20.0; allowed: a whole number"),
        ("[negotiation]\nrounds = 10000000", "allowed: at most 100000"),
        ("[relationship]\ncan_leave = 1", "can_leave is 1; allowed: true or false"),
        ("[relationship]\nslip = true", "slip is true"),
    ],
)
def test_one_fault(load, change, message):
    found = messages(load, SMALL + change + "\n")
    assert any(message in line for line in found), found
    assert "two issues are named None" not in str(found)


@pytest.mark.parametrize(
    ("payoffs", "message"),
    [
        ("vendor = [[1]]\nclient = [[1]]", "payoffs.postures is missing; or vendor_postures and client_postures"),
        ("postures = ['a']\nvendor_postures = ['a']\nvendor = [[1]]\nclient = [[1]]", "names postures twice"),
        (
            "postures = ['a', 'a']\nvendor = [[1, 2], [3, 4]]\nclient = [[1, 2], [3, 4]]",
            "payoffs.postures names 'a' twice",
        ),
        ("postures = []\nvendor = []\nclient = []", "payoffs.postures is empty"),
        (
            "postures = ['a', 'b']\nvendor = [[1, 2], [3]]\nclient = [[1, 2], [3, 4]]",
            "deal.toml:5: payoffs.vendor is a 2 x 1/2 matrix; 2 rows (vendor postures) of 2 numbers (client postures)",
        ),
        (
            "vendor_postures = ['a']\nclient_postures = ['c', 'd']\nvendor = [[1], [2]]\nclient = [[1, 2]]",
            "payoffs.vendor is a 2 x 1 matrix; 1 rows (vendor postures) of 2 numbers",
        ),
        (
            "postures = ['a']\ncounts_as = ['compete', 'cooperate']\nvendor = [[1]]\nclient = [[1]]",
            "has 2 words; 1 words",
        ),
        ("postures = ['a']\nvendor = [[1]]\nclient = [['1']]", "'1'; allowed: a number"),
        ("postures = ['a']\nvendor = [[1]]\nclient = [[1]]\n[maturity]\nvalue_per_level = 1", "use maturity.growth"),
    ],
)
def test_payoffs_at_fault(load, payoffs, message):
    found = messages(load, f'id = "x"\ntitle = "X"\n[payoffs]\n{payoffs}\n')
    assert any(message in line for line in found), found


def test_nothing_to_play(load):
    assert messages(load, 'id = "x"\ntitle = "X"\n') == [
        "deal.toml: there is nothing to play: neither an [[issue]] nor [payoffs]; "
        "give at least one [[issue]], or [payoffs]"
    ]


def test_files_that_are_none(load, tmp_path):
    assert "not UTF-8 text (byte 3)" in messages(load, b"id=\xff")[0]
    with pytest.raises(ns.ScenarioError, match=r"no such file; did you mean .*deal\.toml"):
        ns.load_scenario(tmp_path / "dael.toml")
    with pytest.raises(ns.ScenarioError, match="this is a folder"):
        ns.load_scenario(tmp_path)
    with pytest.raises(ns.UnknownNameError, match="did you mean 'saas-renewal'"):
        ns.load_scenario("sass-renewal")


def test_windows_files_and_byte_order_marks(load):
    assert load(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode()) == load(SMALL)
    broken = SMALL.replace("\n", "\r\n") + "# more\r\nhorizn = 3\r\n"
    assert messages(load, broken)[0].startswith("deal.toml:9: unknown key issue")


def test_shipped_scenarios_load_and_are_values():
    for name, title in ns.scenarios().items():
        s = ns.load_scenario(name)
        assert (s.id, s.title) == (name, title)
        twin = pickle.loads(pickle.dumps(s))
        assert twin == s == build(s.document())
        assert hash(twin) == hash(s) == hash(build(tomllib.loads(to_toml(s.document()))))
        with pytest.raises(ValueError, match="frozen"):
            s.title = "another"


# -- any document ----------------------------------------------------------------------------------------------------

WORDS = (
    *("id", "title", "horizon", "discount", "vendor", "client", "base", "issue", "negotiation", "delivery", "posture"),
    *("vendor_posture", "payoffs", "maturity", "relationship", "name", "options", "range", "from", "to", "step"),
    *("per_unit", "outside_option", "rounds", "tactic", "effort", "levels", "value_per_level", "reinvest", "slip"),
    *("patience", "postures", "counts_as", "parameters", "nonsense", "market", "segment", "roles", "clients", "share"),
    *("vendors", "bidders", "tender_cost", "matching", "set", "client.outside_option", "deal", "low", "likely", "high"),
)
HUGE = "sixteen to the power of five thousand"  # stands for a number that Python refuses to write in decimals


def with_huge(value):
    if isinstance(value, dict):
        return {key: with_huge(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [with_huge(inner) for inner in value]
    return 16**5000 if value == HUGE else value


scalars = st.one_of(
    st.sampled_from(["price", "linear", "principled", "random-offers", "unlimited", "best-reply", "compete", "", HUGE]),
    st.sampled_from([0, 1, -1, 2, 10**18, 10**400, 0.5, 1e308, -1e308, 5e-324, True, False]),
    st.sampled_from([float("nan"), float("inf"), float("-inf")]),
    st.dates(),
    st.times(),
    st.datetimes(),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(WORDS), inner, max_size=4)),
    max_leaves=12,
)
documents = st.dictionaries(st.sampled_from(WORDS), values, max_size=6)
FUZZ = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


@FUZZ
@given(documents, st.booleans())
def test_no_document_raises_anything_but_a_scenario_error(document, onto_a_good_one):
    from simulator.runner.loading import checked_document

    whole = {**tomllib.loads(SMALL), **with_huge(document)} if onto_a_good_one else with_huge(document)
    with contextlib.suppress(ns.ScenarioError):
        s = checked_document(whole)
        assert build(s.document()) == s


LINE = st.one_of(
    st.sampled_from(SMALL.splitlines()),
    st.builds(
        "{} = {}".format, st.sampled_from(WORDS), st.sampled_from(["1", "[[1]]", "{}", "'x'", "{ name = 'linear' }"])
    ),
    st.builds("[{}.{}]".format, st.sampled_from(WORDS), st.sampled_from(WORDS)),
    st.builds("[[{}]]".format, st.sampled_from(WORDS)),
    st.builds("[{}]".format, st.sampled_from(WORDS)),
    st.text("a=[]{}\"'.,#\\ 1e-", max_size=12),
)


@settings(FUZZ, max_examples=300)
@given(st.lists(LINE, max_size=12), st.sampled_from(["\n", "\r\n"]))
def test_no_file_raises_anything_but_a_scenario_error(tmp_path_factory, lines, newline):
    path = tmp_path_factory.getbasetemp() / "fuzz.toml"
    path.write_text(newline.join(lines), newline="")
    try:
        ns.load_scenario(path)
    except ns.ScenarioError as refused:
        for line in str(refused).split("\n"):
            assert line.startswith(str(path))


@pytest.mark.parametrize("brackets", ["[]", "{}"])
def test_deep_nesting(load, brackets):
    for depth in (50, 150, 300, 450, 1000, 100_000):
        inside = "[" * depth + "]" * depth if brackets == "[]" else "{a=" * depth + "1" + "}" * depth
        found = messages(load, SMALL + "[x]\ny = " + inside + "\n")
        assert "unknown key x" in found[0] or "nested too deeply" in found[0]

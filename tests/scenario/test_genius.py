"""The GENIUS import, against reference answers for real domains and on small files written here."""

import itertools
import json
import math
import random
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import ScenarioError, SimulatorError
from simulator.scenario import genius_files, genius_parts
from simulator.scenario.genius import read_genius, to_toml

XML_DOMAINS = ["ItexvsCypress", "LaptopC_2012", "EnglandZimbabwe"]
TRAVEL = ("travel_domain.xml", "travel_chox.xml", "travel_fanny.xml")


def utilities(document, side):
    """Values of all deals, last issue fastest."""
    return [math.fsum(deal) for deal in itertools.product(*(issue[side] for issue in document["issue"]))]


def deals(document):
    return list(itertools.product(*(issue["options"] for issue in document["issue"])))


def named_points(node):
    """Every deal that a reference answer names, with its two values."""
    if isinstance(node, dict):
        deal = node.get("outcome", node.get("agreement"))
        if deal is not None:
            yield tuple(deal), node["utilities"]
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from named_points(child)


def check_against(document, reference):
    vendor, client = utilities(document, "vendor"), utilities(document, "client")
    assert len(vendor) == len(client) == reference["n_outcomes"]
    points = dict(zip(deals(document), zip(vendor, client, strict=True), strict=True))
    found = list(named_points(reference))
    assert found, "the reference names no deal"
    for deal, values in found:
        assert points[deal] == pytest.approx(values, abs=1e-12, rel=0)
    # The efficient deals: each listed pair is one of ours, and none of ours is better for both.
    ordered = sorted(points.values(), key=lambda p: (-p[0], -p[1]))
    frontier, best = [], -math.inf
    for point in ordered:
        if point[1] > best:
            frontier.append(point)
            best = point[1]
    assert len(frontier) == reference["pareto"]["exact_pareto_distinct_points"]
    for listed in reference["pareto"]["utilities"]:
        assert min(math.dist(listed, point) for point in frontier) <= 1e-12
    return vendor, client


@pytest.fixture(scope="module")
def oracle(shared):
    return json.loads((shared / "oracles" / "negotiation_oracle.json").read_text())


@pytest.mark.parametrize("name", XML_DOMAINS)
def test_real_domain_has_the_reference_values(shared, oracle, name):
    reference = oracle["domains"][name]
    folder = shared / "genius" / reference["folder"]
    profiles = [profile["profile"] for profile in reference["profiles"]]
    imported = read_genius(folder / reference["domain_file"], *(folder / profile for profile in profiles))
    document = imported.document
    assert [len(issue["options"]) for issue in document["issue"]] == reference["values_per_issue"]
    both = check_against(document, reference)
    for values, (low, high), profile in zip(both, reference["utility_ranges"], reference["profiles"], strict=True):
        assert min(values) == pytest.approx(low, abs=1e-12, rel=0)
        assert max(values) == pytest.approx(high, abs=1e-12, rel=0)
        assert profile["reserved_value"] == 0
    assert document["vendor"]["outside_option"] == document["client"]["outside_option"] == 0
    assert tomllib.loads(to_toml(document)) == document


def test_travel_has_the_reference_frontier(shared, oracle):
    folder = shared / "genius" / "Travel"
    imported = read_genius(*(folder / name for name in TRAVEL))
    check_against(imported.document, oracle["travel_points_only"])
    assert imported.remarks == ("travel_domain.xml: declares '0' issues; it lists 7, and these count",)


def test_weights_above_one_are_kept_and_remarked_on(shared):
    folder = shared / "genius" / "LaptopC_2012"
    imported = read_genius(*(folder / f"Laptop-C-{part}.xml" for part in ("domain", "prof1", "prof2")))
    assert max(utilities(imported.document, "vendor")) == pytest.approx(1.000051804171754, abs=1e-12)
    assert len(imported.remarks) == 2
    assert all("not capped" in remark for remark in imported.remarks)
    assert imported.document["id"] == "laptop-c"


def test_geniusweb_party(shared):
    folder = shared / "genius" / "GeniusWeb_Party"
    document = read_genius(*(folder / f"{name}.json" for name in ("party", "party1", "party2"))).document
    domain = json.loads((folder / "party.json").read_text())["issuesValues"]
    for side, file in (("vendor", "party1.json"), ("client", "party2.json")):
        space = json.loads((folder / file).read_text())["LinearAdditiveUtilitySpace"]

        def utility(deal, space=space):
            return math.fsum(
                space["issueWeights"][issue] * space["issueUtilities"][issue]["discreteutils"]["valueUtilities"][option]
                for issue, option in deal.items()
            )

        computed = utilities(document, side)
        assert len(computed) == 4 * 4 * 4 * 4 * 3 * 4
        for place in random.Random(1).sample(range(len(computed)), 200):
            deal = dict(zip(domain, deals(document)[place], strict=True))
            assert computed[place] == pytest.approx(utility(deal), abs=1e-12, rel=0)
        reservation = utility(space["reservationBid"]["issuevalues"])
        assert document[side]["outside_option"] == pytest.approx(reservation, abs=1e-12, rel=0)


# --- small files --------------------------------------------------------------------------------------------------

DOMAIN = """<negotiation_template><utility_space number_of_issues="2"><objective name="root">
<issue index="1" name="price" type="integer" lowerbound="10" upperbound="13"></issue>
<issue index="2" name="colour"><item index="1" value="red"> text </item><item index="2" value="blue"/></issue>
</objective></utility_space></negotiation_template>
"""
VENDOR = """<utility_space>
<objective name="root">
<issue index="1" name="price" type="integer"><evaluator ftype="linear" slope="0.5" offset="0.1"/></issue>
<issue index="2" name="colour">
<item index="1" value="red" evaluation="2"/>
<item index="2" value="blue" evaluation="8"> </item>
</issue>
<weight index="2" value="0.25"></weight>
<weight index="1" value="0.75"> </weight>
</objective>
<discount_factor value="1.0"/><reservation value="0.3"/>
</utility_space>
"""
CLIENT = VENDOR.replace('slope="0.5" offset="0.1"', 'parameter1="-0.4" parameter0="1"').replace(
    '<reservation value="0.3"/>', ""
)


@pytest.fixture
def read(tmp_path):
    """Write three files (text or bytes) and read them."""

    def run(domain=DOMAIN, vendor=VENDOR, client=CLIENT, suffix="xml", **options):
        paths = []
        for name, content in (("domain", domain), ("vendor", vendor), ("client", client)):
            path = tmp_path / f"{name}.{suffix}"
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            paths.append(path)
        return read_genius(*paths, **options)

    return run


def refusal(read, *arguments, **files):
    with pytest.raises(SimulatorError) as caught:
        read(*arguments, **files)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_document_of_a_small_domain(read):
    imported = read()
    assert imported.remarks == ()
    document = imported.document
    assert list(document) == [
        "id", "title", "summary", "currency", "vendor", "client", "issue", "negotiation", "posture",
    ]  # fmt: skip
    assert document["vendor"] == {"name": "vendor", "outside_option": 0.3}
    assert document["client"] == {"name": "client", "outside_option": 0.0}
    price, colour = document["issue"]
    assert price["options"] == [10, 11, 12, 13]
    assert all(type(option) is int for option in price["options"])
    assert price["vendor"] == pytest.approx([0.075, 0.45, 0.75, 0.75])  # clipped at 1
    assert price["client"] == pytest.approx([0.75, 0.45, 0.15, 0.0])  # clipped at 0
    assert colour == {"name": "colour", "options": ["red", "blue"], "vendor": [0.0625, 0.25], "client": [0.0625, 0.25]}
    assert document["negotiation"] == {"rounds": 100, "first_offer": "vendor", "tolerance": 1e-4}
    assert [(p["name"], p["tactic"], p["effort"], p["counts_as"]) for p in document["posture"]] == [
        ("claim", "hard-bargainer", 1, "compete"),
        ("build", "principled", 1, "cooperate"),
    ]
    assert "domain.xml" in document["summary"]
    assert tomllib.loads(to_toml(document)) == document


def test_id_and_title(read):
    document = read(id="mine", title="My own").document
    assert (document["id"], document["title"]) == ("mine", "My own")


@pytest.mark.parametrize(
    ("name", "id", "title"),
    [
        ("Itex vs Cypress_Domain.xml", "itex-vs-cypress", "Itex vs Cypress"),
        ("café-template.xml", "cafe", "café"),
        ("domain.xml", "domain", "domain"),
        ("переговоры.xml", "genius-domain", "переговоры"),
    ],
)
def test_id_and_title_come_from_the_file_name(tmp_path, name, id, title):
    for file, text in ((name, DOMAIN), ("v.xml", VENDOR), ("c.xml", CLIENT)):
        (tmp_path / file).write_text(text)
    document = read_genius(tmp_path / name, tmp_path / "v.xml", tmp_path / "c.xml").document
    assert (document["id"], document["title"]) == (id, title)
    assert str(tmp_path) not in to_toml(document)


@pytest.mark.parametrize("encode", [lambda t: b"\xef\xbb\xbf" + t.encode(), lambda t: t.encode("utf-16")])
def test_byte_order_mark(read, encode):
    plain = read().document
    assert read(encode(DOMAIN), encode(VENDOR), encode(CLIENT)).document == plain


def test_declared_encoding(read):
    declared = '<?xml version="1.0" encoding="ISO-8859-1"?>\n'
    red = [(declared + text.replace("red", "röt")).encode("latin-1") for text in (DOMAIN, VENDOR, CLIENT)]
    assert read(*red).document["issue"][1]["options"] == ["röt", "blue"]


REAL = DOMAIN.replace(
    '<issue index="1" name="price" type="integer" lowerbound="10" upperbound="13">',
    '<issue index="1" name="price" type="real"><range lowerbound="1.0" upperbound="1.3"></range>',
)
REAL_VENDOR = VENDOR.replace('type="integer"', 'type="real"').replace('slope="0.5"', 'slope="0.2"')
REAL_CLIENT = CLIENT.replace('type="integer"', 'type="real"')


def test_real_issue(read):
    imported = read(REAL, REAL_VENDOR, REAL_CLIENT, real_steps=4)
    price = imported.document["issue"][0]
    assert price["options"] == [1.0, 1.1, 1.2, 1.3]  # the nearest floats, no 1.2000000000000002
    assert price["vendor"] == pytest.approx([0.75 * (0.2 * x + 0.1) for x in price["options"]])
    assert price["client"] == pytest.approx([0.75 * (1 - 0.4 * x) for x in price["options"]])
    assert imported.remarks == ("domain.xml: the real issue 'price' is cut into 4 equally spaced values",)
    assert len(read(REAL, REAL_VENDOR, REAL_CLIENT).document["issue"][0]["options"]) == 11


def test_bounds_of_an_integer_issue_may_stand_in_a_range(read):
    ranged = DOMAIN.replace(
        'lowerbound="10" upperbound="13"></issue>', '><range lowerbound="10" upperbound="13"/></issue>'
    )
    assert read(ranged).document == read().document


def test_weights_follow_the_index_and_issues_the_name(read):
    # The profile numbers its issues the other way round; the weights follow its own numbering.
    swapped = VENDOR.replace('index="1" name="price"', 'index="9" name=" price "').replace(
        '<weight index="1"', '<weight index="9"'
    )
    assert read(vendor=swapped).document == read().document


def test_issue_of_another_name_is_matched_by_index(read):
    imported = read(vendor=VENDOR.replace('name="price"', 'name="Preis"'))
    assert imported.document == read().document
    assert imported.remarks == (
        "vendor.xml: issue 1 is named 'Preis' here and 'price' in the domain; they are taken as the same",
    )


def test_white_space_in_names_does_not_count(read):
    assert read(vendor=VENDOR.replace('"red"', '" red\t"')).document == read().document


def test_issue_without_any_evaluation_counts_for_nothing(read):
    imported = read(vendor=VENDOR.replace('"8"', '"0"').replace('"2"/>', '"0.000001"/>'))
    assert imported.document["issue"][1]["vendor"] == [0.0, 0.0]
    assert any("counts for nothing" in remark for remark in imported.remarks)


@pytest.mark.parametrize(
    ("old", "new", "remark"),
    [
        ('discount_factor value="1.0"', 'discount_factor value="0.9"', "the discount factor 0.9 is ignored"),
        ('index="2" value="0.25"', 'index="2" value="0.2"', "the weights sum to 0.95, not 1"),
        ('index="2" value="0.25"', 'index="2" value="0.5"', "deals are worth up to 1.25"),
        ('reservation value="0.3"', 'reservation value="1.5"', "will never agree"),
    ],
)
def test_remarks(read, old, new, remark):
    (said,) = read(vendor=VENDOR.replace(old, new)).remarks
    assert said.startswith("vendor.xml: ")
    assert remark in said


def test_a_blank_discount_is_no_discount(read):
    assert read(vendor=VENDOR.replace('factor value="1.0"', 'factor value=" "')).remarks == ()


# --- refusals -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('evaluation="2"', "", ["vendor.xml:5", "'colour'", "'red'", "missing"]),
        ('evaluation="2"', 'evaluation="two"', ["vendor.xml:5", "'colour'", "'red'", "'two'"]),
        ('evaluation="2"', 'evaluation="0,5"', ["decimal point"]),
        ('evaluation="2"', 'evaluation="nan"', ["'nan'", "finite"]),
        ('evaluation="2"', 'evaluation="1e999"', ["'1e999'", "finite"]),
        ('evaluation="2"', 'evaluation="-2"', ["'-2'", "at least 0"]),
        ('evaluation="2"', 'evaluation="1_0"', ["'1_0'"]),
        ('<item index="1" value="red" evaluation="2"/>', "", ["vendor.xml:4", "'colour'", "'red'", "missing"]),
        ('"red"', '"redd"', ["'redd' is not in the domain", "did you mean 'red'?"]),
        ('"red"', '"blue"', ["'blue' is listed twice"]),
        ('"red"', '""', ["has no name"]),
        ('<weight index="2"', '<weight index="7"', ["vendor.xml:8", "issue 7", "1, 2"]),
        ('<weight index="2"', '<weight index="1"', ["'price' is given twice"]),
        ('<weight index="2"', "<weight ", ["index", "missing"]),
        ('<weight index="2"', '<weight index="1.5"', ["'1.5'", "whole number"]),
        ('<weight index="2" value="0.25"></weight>', "", ["'colour' (index 2) is missing"]),
        ('index="2" value="0.25"', 'index="2" value="-1"', ["weight of issue 'colour'", "'-1'"]),
        ('slope="0.5" ', "", ["vendor.xml:3", "'price'", "slope", "missing"]),
        ('ftype="linear"', 'ftype="triangular"', ["'triangular'", "linear"]),
        ('<evaluator ftype="linear" slope="0.5" offset="0.1"/>', "", ["0 evaluators"]),
        ('type="integer"', 'type="discrete"', ["'price' is discrete here and integer in the domain"]),
        ('type="integer"', 'type="integral"', ["'integral'", "did you mean 'integer'?"]),
        ('type="integer"', 'type="integer" upperbound="14"', ["'price'", "10 to 13"]),
        ('index="2" name="colour"', 'index="5" name="color"', ["'colour' of the domain", "did you mean 'color'?"]),
        ('index="2" name="colour"', 'index="1" name="colour"', ["'colour' has the index 1 of another"]),
        ('name="colour"', 'name="price"', ["'price' is listed twice"]),
        ("</issue>\n<weight", '</issue><issue index="3" name="extra"/>\n<weight', ["'extra' is not in the domain"]),
        ('reservation value="0.3"', 'reservation value="x"', ["reservation", "'x'"]),
        ('reservation value="0.3"', 'reservation value="-1"', ["reservation", "'-1'"]),
        ("<objective", "<objective><objective/></objective><objective", ["2 objectives"]),
        ("<issue", "<objective/><issue", ["objective inside an objective"]),
        ("<discount_factor", "<utility_function><ufun/></utility_function><discount_factor", ["nonlinear"]),
        ("<discount_factor", "<hyperRectangle/><discount_factor", ["nonlinear", "hyperRectangle"]),
        ("utility_space>", "negotiation_template>", ["vendor.xml:1", "is a domain, not a profile", "order"]),
        ("utility_space>", "bids>", ["'bids'", "<utility_space>"]),
    ],
)
def test_profile_is_refused(read, old, new, words):
    assert old in VENDOR
    message = refusal(read, vendor=VENDOR.replace(old, new))
    assert "vendor.xml" in message
    for word in words:
        assert word in message


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('lowerbound="10"', "", ["domain.xml:2", "lowerbound", "'price'", "missing"]),
        ('lowerbound="10"', 'lowerbound="14"', ["from 14 to 13", "lower bound first"]),
        ('lowerbound="10"', 'lowerbound="9.5"', ["whole bounds"]),
        ('lowerbound="10"', 'lowerbound="-1e15"', ["options", "at most 10000"]),
        ('name="colour"', 'name="price"', ["domain.xml:3", "'price' is listed twice"]),
        ('name="colour"', "", ["has no name"]),
        ('name="colour"', f'name="{"x" * 2000}"', ["too long"]),
        ('value="blue"', 'value="red"', ["'colour'", "'red' is listed twice"]),
        (
            '<issue index="2" name="colour">',
            '<issue index="3" name="size"/><issue index="2" name="colour">',
            ["'size' has no options"],
        ),
        ("negotiation_template>", "html>", ["'html'", "<negotiation_template>"]),
        ("utility_space", "space", ["no <utility_space>"]),
    ],
)
def test_domain_is_refused(read, old, new, words):
    assert old in DOMAIN
    message = refusal(read, DOMAIN.replace(old, new))
    for word in words:
        assert word in message


def test_domain_without_issues_is_refused(read):
    empty = "<negotiation_template><utility_space><objective/></utility_space></negotiation_template>"
    assert "has no issues" in refusal(read, empty)


def test_swapped_arguments_are_named(read):
    assert "is a profile, not a domain" in refusal(read, VENDOR, DOMAIN)


def test_pareto_file_is_named(tmp_path):
    path = tmp_path / "pareto.xml"
    path.write_text("<bids><bid/></bids>")
    with pytest.raises(ScenarioError, match="list of Pareto deals"):
        read_genius(path, path, path)


def test_nonlinear_root_is_named(read):
    assert "nonlinear" in refusal(read, vendor="<profile><ufun/></profile>")


@pytest.mark.parametrize("steps", [1, 0, -3, 10_001])
def test_real_steps_are_checked(read, steps):
    assert "real_steps" in refusal(read, real_steps=steps)


def test_too_many_deals_are_refused_before_they_are_built(read):
    issue = '<issue index="%d" name="i%d" type="real"><range lowerbound="0" upperbound="1"/></issue>'
    many = "".join(issue % (i, i) for i in range(1, 50_000))
    text = f"<negotiation_template><utility_space><objective>{many}</objective></utility_space></negotiation_template>"
    message = refusal(read, text)
    assert "5,000,000" in message
    assert "fewer steps" in message


BOMB = (
    '<?xml version="1.0"?>\n<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "'
    + "&a;" * 50
    + '"><!ENTITY c "'
    + "&b;" * 50
    + '">]>\n<negotiation_template>&c;</negotiation_template>'
)
EXTERNAL = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><negotiation_template>&e;</negotiation_template>'
REMOTE = '<!DOCTYPE x SYSTEM "http://example.invalid/x.dtd"><negotiation_template/>'


@pytest.mark.parametrize("text", [BOMB, EXTERNAL, REMOTE])
def test_doctype_is_refused(read, text):
    message = refusal(read, text)
    assert "DOCTYPE" in message
    assert "domain.xml:" in message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("<a>" * 100 + "</a>" * 100, "nested too deeply"),
        ("<a>\n" + "<b/>" * 200_001 + "</a>", "too many elements"),
        ("<a>\n<b></a>", "domain.xml:2: is not well-formed XML: mismatched tag"),
        ("<a>&unknown;</a>", "undefined entity"),
        ("<a", "not well-formed"),
        ("", "is empty"),
        (" \n", "is empty"),
        ("price;10", "neither XML nor JSON"),
        (b"<a name='\xe4\xf6'/>", "save the file as UTF-8"),
        ('<?xml version="1.0" encoding="klingon"?><a/>', "encoding"),
        ('<?xml version="1.0" encoding="gb18030"?><a/>', "encoding"),
    ],
)
def test_broken_file_is_refused(read, content, words):
    assert words in refusal(read, content)


def test_large_file_is_refused(read, monkeypatch):
    monkeypatch.setattr(genius_files, "MAX_BYTES", 1000)
    assert "too large" in refusal(read, DOMAIN + " " * 1000)


def test_missing_file_and_folder(tmp_path):
    (tmp_path / "travel_domain.xml").write_text(DOMAIN)
    with pytest.raises(ScenarioError, match=r"no such file.*did you mean 'travel_domain.xml'"):
        read_genius(tmp_path / "travel_domains.xml", "v.xml", "c.xml")
    with pytest.raises(ScenarioError, match="no such file"):
        read_genius(tmp_path / "absent" / "d.xml", "v.xml", "c.xml")
    with pytest.raises(ScenarioError, match="is a folder"):
        read_genius(tmp_path, "v.xml", "c.xml")
    with pytest.raises(ScenarioError, match="not an ordinary file"):
        read_genius("/dev/null", "v.xml", "c.xml")
    with pytest.raises(ScenarioError, match="cannot be read"):
        read_genius("a\0b.xml", "v.xml", "c.xml")
    with pytest.raises(ScenarioError, match="cannot be read"):
        read_genius("x" * 5000, "v.xml", "c.xml")


# --- GeniusWeb ----------------------------------------------------------------------------------------------------


def web_files():
    """A domain with a text issue and a number issue, and one profile."""
    domain = {
        "name": "job",
        "issuesValues": {
            "place": {"values": ["home", "office"]},
            "hours": {"range": {"low": 1, "high": "2", "step": 0.3}},
        },
    }
    space = {
        "name": "job1",
        "issueUtilities": {
            "place": {"discreteutils": {"valueUtilities": {"home": 1, "office": 0.5}}},
            "hours": {"numberutils": {"lowValue": 1, "lowUtility": 0.2, "highValue": 2, "highUtility": 0.8}},
        },
        "issueWeights": {"place": 0.25, "hours": "0.75"},
        "domain": domain,
        "reservationBid": {"issuevalues": {"place": "office", "hours": 1.3}},
    }
    return domain, {"LinearAdditiveUtilitySpace": space}


def web(read, domain, profile, client=None, **options):
    texts = [json.dumps(tree) for tree in (domain, profile, profile if client is None else client)]
    return read(*texts, suffix="json", **options)


def test_geniusweb_numbers(read):
    imported = web(read, *web_files())
    place, hours = imported.document["issue"]
    assert place["vendor"] == [0.25, 0.125]
    assert hours["options"] == [1.0, 1.3, 1.6, 1.9]
    assert hours["client"] == pytest.approx([0.75 * u for u in (0.2, 0.38, 0.56, 0.74)], abs=1e-12)
    assert imported.document["vendor"]["outside_option"] == pytest.approx(0.125 + 0.75 * 0.38, abs=1e-12)
    assert imported.remarks == ()


def test_geniusweb_whole_numbers_and_no_reservation(read):
    domain, profile = web_files()
    domain["issuesValues"]["hours"]["range"]["step"] = 1
    del profile["LinearAdditiveUtilitySpace"]["reservationBid"]
    document = web(read, domain, profile).document
    assert document["issue"][1]["options"] == [1, 2]
    assert document["vendor"]["outside_option"] == 0


def test_geniusweb_partial_reservation_and_other_domain(read):
    domain, profile = web_files()
    profile["LinearAdditiveUtilitySpace"]["reservationBid"]["issuevalues"] = {"place": "home"}
    profile["LinearAdditiveUtilitySpace"]["domain"] = {"issuesValues": {}}
    imported = web(read, domain, profile)
    assert imported.document["client"]["outside_option"] == 0.25
    assert [remark[:12] for remark in imported.remarks] == ["vendor.json:", "client.json:"]


PLACE = ("issueUtilities", "place", "discreteutils", "valueUtilities")
HOURS = ("issueUtilities", "hours", "numberutils")
BID = ("reservationBid", "issuevalues")


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ((*PLACE, "home"), None, ["'place'", "'home'", "missing"]),
        ((*PLACE, "home"), "much", ["'home'", "'much'"]),
        ((*PLACE, "home"), -0.5, ["-0.5", "at least 0"]),
        ((*PLACE, "home"), 1.5, ["1.5", "0 to 1"]),
        ((*PLACE, "home"), True, ["True"]),
        ((*PLACE, "home"), math.nan, ["NaN"]),
        ((*PLACE, "home"), 10**400, ["finite"]),
        ((*PLACE, "hom"), 0.5, ["'hom'", "not in the domain", "did you mean 'home'?"]),
        (PLACE, {"home": 1}, ["'office'", "missing"]),
        (PLACE, [1, 0.5], ["JSON object"]),
        (("issueUtilities", "place"), {"numberutils": {}}, ["discreteutils is missing"]),
        (("issueUtilities", "hours"), {"discreteutils": {}}, ["numberutils is missing"]),
        ((*HOURS, "highValue"), 1.5, ["covers 1.0 to 1.9"]),
        ((*HOURS, "lowUtility"), None, ["'hours'", "lowUtility", "missing"]),
        (("issueWeights",), {"place": 1}, ["weight of issue 'hours' is missing"]),
        (("issueWeights", "size"), 1, ["'size'", "not in the domain"]),
        (("issueWeights", "place"), -1, ["'place'", "-1"]),
        ((*BID, "size"), "L", ["'size' is not in the domain"]),
        ((*BID, "place"), "offices", ["'offices'", "did you mean 'office'?"]),
        ((*BID, "hours"), 1.31, ["'hours' has no option 1.31"]),
    ],
)
def test_geniusweb_profile_is_refused(read, path, value, words):
    domain, profile = web_files()
    node = profile["LinearAdditiveUtilitySpace"]
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    message = refusal(lambda: web(read, domain, profile))
    assert "vendor.json" in message
    for word in words:
        assert word in message


@pytest.mark.parametrize(
    ("issue", "words"),
    [
        ({"values": []}, "no list of options"),
        ({"values": [1, 2]}, "no list of options"),
        ({"values": ["a", "a "]}, "listed twice"),
        ({"values": ["\ud800"]}, "surrogate"),
        ({"values": [str(i) for i in range(10_001)]}, "at most 10000"),
        ({"range": {"low": 2, "high": 1, "step": 1}}, "impossible range"),
        ({"range": {"low": 1, "high": 2, "step": 0}}, "impossible range"),
        ({"range": {"low": 1, "high": 2, "step": 1e-9}}, "at most 10000"),
        ({"range": {"low": 1, "high": 2}}, "step of the range is missing"),
        ([], "JSON object"),
    ],
)
def test_geniusweb_domain_is_refused(read, issue, words):
    domain, profile = web_files()
    domain["issuesValues"]["place"] = issue
    assert words in refusal(lambda: web(read, domain, profile))


def test_geniusweb_other_files_are_named(read):
    domain, profile = web_files()
    assert "is a profile, not a domain" in refusal(lambda: web(read, profile, domain))
    assert "is a domain, not a profile" in refusal(lambda: web(read, domain, domain))
    assert "SumOfGroupsUtilitySpace" in refusal(lambda: web(read, domain, {"SumOfGroupsUtilitySpace": {}}))
    assert "not a GeniusWeb domain" in refusal(lambda: web(read, {"name": "x"}, profile))
    assert "has no issues" in refusal(lambda: web(read, {"issuesValues": {}}, profile))
    assert "same format" in refusal(lambda: read(json.dumps(domain)))
    assert "same format" in refusal(lambda: read(vendor=json.dumps(profile)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[1]", "JSON list"),
        ('{\n"a": }', "domain.xml:2: is not valid JSON"),
        ('{"a": 1, "a": 2}', "'a' is listed twice"),
        ('{"a":' * 100_000, "nested too deeply"),
        (b'{"a": "\xe4"}', "UTF-8"),
    ],
)
def test_broken_json_is_refused(read, text, words):
    assert words in refusal(read, text)


# --- writing TOML -------------------------------------------------------------------------------------------------

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
SCALAR = st.one_of(TEXT, st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False))
VALUE = st.recursive(
    SCALAR, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=12
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(TEXT, VALUE, max_size=5), st.text(max_size=30))
def test_toml_round_trip(document, comment):
    text = to_toml(document, comment=comment)
    text.encode()
    again = tomllib.loads(text)
    assert again == document


@given(st.lists(st.floats(allow_nan=False), min_size=1))
def test_toml_keeps_every_bit_of_a_float(values):
    again = tomllib.loads(to_toml({"values": values}))["values"]
    assert [x.hex() for x in again] == [x.hex() for x in values]


def test_toml_is_readable(read):
    text = to_toml(read().document, comment="Imported.\nTwo lines\x00.")
    assert text.startswith("# Imported.\n# Two lines?.\n\nid = ")
    assert text.count("[[issue]]") == text.count("[[posture]]") == 2
    long = to_toml({"a": [{"b": [0.123456789] * 40}]})
    assert max(map(len, long.splitlines())) <= 110
    assert "\n    0.123456789, 0.123456789," in long


def test_toml_of_numpy_numbers():
    import numpy as np

    assert tomllib.loads(to_toml({"x": np.float64(0.5)})) == {"x": 0.5}


@pytest.mark.parametrize(
    "document", [{"a": None}, {1: 2}, {"a": "\ud800"}, {"a": {"b": [object()]}}, {"a": [{2: 1}, 3]}]
)
def test_toml_refuses_what_it_cannot_hold(document):
    with pytest.raises(SimulatorError):
        to_toml(document)


def test_limits_are_those_promised():
    assert (genius_files.MAX_BYTES, genius_parts.MAX_DEALS) == (20_000_000, 5_000_000)

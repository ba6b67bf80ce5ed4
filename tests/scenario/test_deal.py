"""The deal in force: the `[deal]` table of a scenario file, and deals as people write them."""

import pytest

import simulator as ns
from simulator.scenario.deal_text import parse_deal

SAAS = ns.load_scenario("saas-renewal")
SUPPLY = ns.load_scenario("component-supply")

FILE = """id = "x"
title = "X"
[[issue]]
name = "price"
range = { from = 10, to = 20, step = 5 }
vendor = { per_unit = 1.0 }
client = { per_unit = -1.0 }
[[issue]]
name = "support"
options = ["none", "some"]
client = [0.0, 3.0]
"""


def loaded(tmp_path, text):
    path = tmp_path / "x.toml"
    path.write_text(text)
    return ns.load_scenario(path)


def test_a_deal_is_read_and_written(tmp_path):
    scenario = loaded(tmp_path, FILE + '[deal]\nprice = 12.5\nsupport = "some"\n')
    assert scenario.agreed_deal == {"price": 12.5, "support": "some"}
    assert scenario.document()["deal"] == {"price": 12.5, "support": "some"}
    assert hash(scenario) == hash(loaded(tmp_path, FILE + '[deal]\nprice = 12.5\nsupport = "some"\n'))


def test_no_deal_is_in_force_unless_said(tmp_path):
    assert loaded(tmp_path, FILE).agreed_deal is None
    assert "deal" not in loaded(tmp_path, FILE).document()


def test_a_deal_is_changed_by_key():
    settled = SAAS.replace({"deal": {"price": 90, "support": "priority"}})
    assert settled.replace({"deal.price": 97.5}).agreed_deal == {"price": 97.5, "support": "priority"}


@pytest.mark.parametrize(
    ("deal", "line", "message"),
    [
        ('[deal]\nprice = 12\nsupport = "some"\nsuport = "none"\n', 15, "did you mean 'support'"),
        ("[deal]\nprice = 12\n", 12, "leaves 'support' open"),
        ('[deal]\nprice = 25\nsupport = "some"\n', 13, "a number from 10 to 20"),
        ('[deal]\nprice = "cheap"\nsupport = "some"\n', 13, "a number from 10 to 20"),
        ('[deal]\nprice = 12\nsupport = "lots"\n', 14, "allowed: none, some"),
        ('[deal]\nprice = true\nsupport = "some"\n', 13, "a number from 10 to 20"),
    ],
)
def test_faults_have_their_line(tmp_path, deal, line, message):
    with pytest.raises(ns.ScenarioError) as caught:
        loaded(tmp_path, FILE + deal)
    said = str(caught.value).split("\n")
    assert any(f"x.toml:{line}: " in one and message in one for one in said), said


def test_a_deal_beside_given_payoffs_is_a_fault(tmp_path):
    text = 'id = "x"\ntitle = "X"\n[payoffs]\npostures = ["a", "b"]\nvendor = [[1, 5], [0, 3]]\n'
    text += "client = [[1, 0], [5, 3]]\n"
    with pytest.raises(ns.ScenarioError, match=r"x\.toml:7: deal has no meaning beside \[payoffs\]"):
        loaded(tmp_path, text + "[deal]\nprice = 3\n")


@pytest.mark.parametrize(
    ("text", "deal"),
    [
        ("price=95,support=priority", {"price": 95.0, "support": "priority"}),
        (" Price = 95 , SUPPORT = Priority ", {"price": 95.0, "support": "priority"}),
        ('support="priority"', {"support": "priority"}),
        ("price=92.5", {"price": 92.5}),
        ("", {}),
    ],
)
def test_deals_as_people_write_them(text, deal):
    assert parse_deal(SAAS, text) == deal


def test_names_with_spaces_and_commas(scenario_from):
    assert parse_deal(SUPPLY, "safety stock=two weeks,engineering=On call")["safety stock"] == "two weeks"
    odd = scenario_from(
        'id = "x"\ntitle = "X"\n[[issue]]\nname = "a, b"\noptions = ["c = d, e", "f\'s"]\nvendor = [1.0, 2.0]\n'
        'client = [2.0, 1.0]\n[[issue]]\nname = "days"\noptions = [15, 30.5]\n'
    )
    assert parse_deal(odd, '"a, b"="c = d, e",days=15') == {"a, b": "c = d, e", "days": 15}
    assert parse_deal(odd, '"a, b"=f\'s') == {"a, b": "f's"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("prise=95", "did you mean 'price'"),
        ("support=priorty", "did you mean 'priority'"),
        ("support=gold", "allowed: standard, priority, dedicated"),
        ("price=300", "allowed: a number from 60 to 150 k\\$/year"),
        ("price=nan", "allowed: a number from 60 to 150"),
        ("price=cheap", "allowed: a number from 60 to 150"),
        ("price", "write ISSUE=OPTION"),
        ("=3", "write ISSUE=OPTION"),
        ("price=90,price=91", "names 'price' twice"),
        ('support="priority', "not closed"),
    ],
)
def test_what_cannot_be_read_is_said(text, message):
    with pytest.raises(ns.SimulatorError, match=message):
        parse_deal(SAAS, text)

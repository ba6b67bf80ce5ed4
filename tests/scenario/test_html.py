"""A scenario in a notebook: what is shown, what is kept back, and hostile files."""

import simulator as ns

HOSTILE = '<img src=x onerror="alert(1)">&amp;'

FILE = """
id = "hostile"
title = '{0}'
summary = '{0}'
currency = '{0}'
period = '{0}'
[vendor]
name = '{0}'
brief = "only the vendor may read this"
outside_option = 1.5
[[issue]]
name = '{0}'
unit = '{0}'
range = {{ from = 0, to = 3, step = 1 }}
vendor = {{ per_unit = 0.5 }}
[[issue]]
name = "colour"
options = ['{0}', "b", "c", "d", "e", "f", "g", "h", "i"]
client = [1, 2, 3, 4, 5, 6, 7, 8, 9]
[[vendor_posture]]
name = '{0}'
tactic = "boulware"
effort = 0.25
[[client_posture]]
name = "hard"
tactic = "linear"
effort = 1.0
[maturity]
levels = ["low", '{0}']
value_per_level = [0, 2.5]
reinvest = "best-reply"
[relationship]
can_leave = false
misread = {{ vendor = 0.1, client = 0.0 }}
"""


def read(read_html, scenario):
    page = read_html(scenario._repr_html_())
    page.check_harmless()
    return page


def test_hostile_text_is_text_and_briefs_stay_hidden(read_html, tmp_path):
    file = tmp_path / "hostile.toml"
    file.write_text(FILE.format(HOSTILE), encoding="utf-8")
    page = read(read_html, ns.load_scenario(file))
    assert page.text.count(HOSTILE) >= 10
    assert "only the vendor may read this" not in page.text
    parties, issues, postures, levels, rules = page.tables
    assert parties[1] == ["vendor", HOSTILE, "1.5"]
    assert issues[1] == [HOSTILE, f"0 to 3 in steps of 1 {HOSTILE}", f"0.5 for each {HOSTILE}", "nothing"]
    assert issues[2][1] == f"{HOSTILE} · b · c · d · e · f · g · ... (9 in all)"
    assert postures[1:] == [
        [f"vendor: {HOSTILE}", "boulware", "25%", "compete"],
        ["client: hard", "linear", "100%", "compete"],
    ]
    assert [row[1] for row in levels[1:]] == ["0.0", "2.5"]
    assert ["leaving", "nobody can leave"] in rules
    assert ["misread", "vendor 10%, client 0%"] in rules
    assert ["the vendor reinvests", "its best reply to the client; a level costs 1"] in rules


def test_the_figures_of_the_business_scenario(read_html):
    page = read(read_html, ns.load_scenario("saas-renewal"))
    parties, issues, postures, levels, rules, market, workshop = page.tables
    assert parties == [
        ["", "name", "outside option, k$ per year"],
        ["vendor", "Northwind Cloud", "24"],
        ["client", "St. Anne Hospitals", "28"],
    ]
    assert issues[1:] == [
        ["any agreement", "", "−45", "100"],
        ["price", "60 to 150 in steps of 5 k$/year", "1 for each k$/year", "−1 for each k$/year"],
        ["support", "standard · priority · dedicated", "−3 · −9 · −18", "8 · 26 · 34"],
    ]
    assert postures[3] == ["build", "principled(share=0.5)", "100%", "cooperate"]
    assert [row[1] for row in levels[1:]] == ["0", "5", "10", "15"]
    assert ["horizon", "10 years"] in rules
    assert ["begrudging", "0.6 times what a share lacks to 50%"] in rules
    assert ["parties", "200 clients and 40 vendors, each vendor for 6 clients"] in market
    assert workshop[-1] == ["years", "5 of 6 minutes"]


def test_a_scenario_with_given_payoffs_shows_them(read_html, tmp_path):
    file = tmp_path / "given.toml"
    file.write_text(
        'id = "given"\ntitle = "Given"\nhorizon = "unlimited"\ndiscount = 0.9\n[payoffs]\n'
        'vendor_postures = ["firm", "soft"]\nclient_postures = ["a", "b"]\n'
        "vendor = [[0, 7.5], [2, 6]]\nclient = [[0, 2], [7, -6]]\n"
        '[maturity]\nlevels = ["new", "old"]\ngrowth = 0.5\n',
        encoding="utf-8",
    )
    page = read(read_html, ns.load_scenario(file))
    assert page.tables[1] == [
        ["vendor ↓ · client →", "a", "b"],
        ["firm", "0.0, 0.0", "7.5, 2.0"],
        ["soft", "2.0, 7.0", "6.0, −6.0"],
    ]
    assert [row[1] for row in page.tables[2][1:]] == ["1.0", "1.5"]
    assert ["horizon", "unlimited"] in page.tables[3]

"""The payoff table: figures, marks and sentences."""

import pytest

import simulator as ns

HOSTILE = "<script>alert('x')</script>"


def read(read_html, game):
    page = read_html(game._repr_html_())
    page.check_harmless()
    return page


def test_payoffs_of_both_sides_with_best_replies_and_equilibrium(read_html):
    page = read(read_html, ns.stage_game(ns.load_scenario("saas-renewal")))
    assert page.tables[0] == [
        ["vendor ↓ · client →", "squeeze", "claim", "build"],
        ["squeeze", "30.30*, 30.30*equilibrium ", "39.30*, 25.30", "44.45*, 20.45"],
        ["claim", "24.30, 44.30*", "33.30, 39.30", "38.45, 34.45"],
        ["build", "19.60, 49.60*", "28.60, 44.60", "38.85, 44.85invests 3.71, rises 14.8% "],
    ]
    assert page.tables[1][1:] == [
        ["vendor", "44.45", "38.85", "30.30", "19.60"],
        ["client", "49.60", "44.85", "30.30", "20.45"],
    ]
    assert "prisoner's dilemma · 3 × 3 postures" in page.text
    assert "One pure equilibrium among these postures (vendor / client): squeeze / squeeze." in page.text
    assert "Both would be better off at build / build than at squeeze / squeeze." in page.text


def test_nothing_is_marked_by_colour_alone(read_html):
    page = read(read_html, ns.StageGame([[1, 5], [0, 3]], [[1, 0], [5, 3]]))
    framed = [text for row, styles in zip(page.tables[0], page.styles[0], strict=True)
              for text, style in zip(row, styles, strict=True) if "2px solid" in style]  # fmt: skip
    assert framed == ["1*, 1*equilibrium "]


def test_two_equilibria_of_which_one_is_better_for_both(read_html):
    page = read(read_html, ns.StageGame([[2, 3], [0, 4]], [[2, 0], [3, 4]], vendor_postures=("safe", "commit")))
    assert "2 pure equilibria among these postures (vendor / client): safe / 1, commit / 2." in page.text
    assert "Both would be better off at commit / 2 than at safe / 1." in page.text


def test_a_game_without_an_equilibrium_among_its_postures(read_html):
    page = read(read_html, ns.StageGame([[1, -1], [-1, 1]], [[-1, 1], [1, -1]]))
    assert "No pure equilibrium among these postures" in page.text
    assert page.tables[0][1] == ["1", "1*, −1", "−1, 1*"]


def test_many_equilibria_are_counted_and_not_all_named(read_html):
    page = read(read_html, ns.StageGame([[0] * 5] * 5, [[0] * 5] * 5))
    assert "25 pure equilibria among these postures (vendor / client): 1 / 1, 1 / 2, 1 / 3 and 22 more." in page.text
    assert "better off" not in page.text


def test_hostile_names_are_text(read_html):
    game = ns.StageGame([[1]], [[1]], vendor_postures=(HOSTILE,), client_postures=("</td>",), title=HOSTILE)
    page = read(read_html, game)
    assert page.tables[0][0][1] == "</td>"
    assert page.tables[0][1][0] == HOSTILE
    assert page.text.startswith(HOSTILE)


@pytest.mark.parametrize("word", ["temptation", "prisoner", "harmony", "classic", "posture"])
def test_a_choice_of_strategies_has_no_order_and_no_classic_name(read_html, word):
    game = ns.compare(
        ns.load_scenario("saas-renewal"), vendors="always-compete, always-cooperate", clients="tit-for-tat, grim"
    ).meta_game()
    assert game.name == "no classic game"
    page = read(read_html, game)
    assert word not in page.text
    assert len(page.tables) == 1


def test_the_level_is_named_only_where_there_are_several(dilemma):
    assert ns.stage_game(dilemma).title == "Prisoner's dilemma"
    assert ns.stage_game(ns.load_scenario("saas-renewal"), level=1).title.endswith("renewal, preferred supplier")

"""``negsim advise`` as its users meet it."""

import io
import json
import os
import subprocess
import sys

import pytest

from simulator.cli import main


@pytest.fixture
def negsim(monkeypatch, capsys, tmp_path):
    """Run the command line in this process; standard output, or the error message for a failure."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def run(*arguments, status=0):
        monkeypatch.setattr(sys, "argv", ["negsim", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        assert (ended.value.code or 0) == status, err
        assert status == 0 or out == ""
        return out if status == 0 else err

    return run


def flat(text):
    return " ".join(text.split())


def test_it_reads_as_advice(negsim):
    said = flat(negsim("advise", "saas-renewal"))
    for part in (
        "Enterprise SaaS renewal: advice for Northwind Cloud The deal: price 90, support priority.",
        "Cooperation pays and lasts at this deal",
        "Both sides stay with the price between 84 and 104 k$/year",
        "The vendor then has 27% to 92% of what is created in a year.",
        "Of the 10 listed deals that suit both sides, 7 last.",
        "- support priority: price 85 to 95",
        "Am I still competing here? 60% of the deal's gain. No.",
        "Which of us is closer to leaving? Price 90 k$/year. You.",
        "What must I do at least? Play 'build'.",
        "On what terms building together lasts",
    ):
        assert part in said, part


@pytest.mark.parametrize("width", [80, 40])
def test_it_fits_the_terminal(negsim, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    assert max(len(line.rstrip()) for line in negsim("advise", "component-supply").split("\n")) <= width


def test_a_real_deal_is_placed(negsim):
    said = flat(negsim("advise", "saas-renewal", "--deal", "price=105,Support=Standard"))
    assert "The deal: price 105, support standard." in said
    assert "Cooperation does not pay best at this deal" in said
    assert "Bring the price between 77.2 and 86.1 k$/year." in said


def test_terms_left_out_are_as_two_building_sides_agree(negsim):
    said = negsim("advise", "component-supply", "--deal", 'price=8.5,safety stock="six weeks"', "--json")
    assert json.loads(said)["deal"] == {
        "price": 8.5,
        "tooling": "shared",
        "safety stock": "six weeks",
        "engineering": "resident half time",
        "term": "three years",
    }


def test_one_json_document(negsim):
    result = json.loads(
        negsim("advise", "saas-renewal", "--json", "--set", "relationship.slip=0.05"),
        parse_constant=lambda word: pytest.fail(word),
    )
    assert list(result)[:4] == ["command", "version", "scenario", "seed"]
    assert result["command"] == "advise"
    assert result["parameters"] == {"relationship.slip": 0.05}
    assert result["zone"]["issue"] == "price"
    assert result["zone"]["low"] < 90 < result["zone"]["high"]
    assert (result["zone"]["low_breaker"], result["zone"]["high_breaker"]) == ("vendor", "client")
    assert {"price": 95.0, "support": "priority"} in result["zone"]["deals"]
    assert result["answers"][0]["name"] == "competing"
    assert result["terms"]["highest_posture"] == "build"
    assert result["holds"] is True


def test_what_is_unknown_is_null(negsim):
    result = json.loads(negsim("advise", "saas-renewal", "--deal", "price=105,support=standard", "--json"))
    assert result["answers"][-1]["number"] is None
    game = json.loads(negsim("advise", "prisoners-dilemma", "--set", "discount=0.9", "--json"))
    assert (game["zone"], game["deal"], game["answers"]) == (None, None, [])
    assert game["verdict"].startswith("Cooperation pays and lasts here")


def test_files(negsim, tmp_path):
    said = negsim("advise", "freight", "--out", "results")
    assert {path.name for path in (tmp_path / "results").iterdir()} == {"advice.json", "zone.png", "answers.png"}
    assert "written to results" in said
    quiet = negsim("advise", "freight", "--out", "results", "--json")
    assert json.loads((tmp_path / "results" / "advice.json").read_text()) == json.loads(quiet)


def test_a_genius_domain(negsim, shared, tmp_path):
    folder = shared / "genius" / "ItexvsCypress"
    files = [folder / f"ItexvsCypress_{name}.xml" for name in ("domain", "Itex", "Cypress")]
    negsim("import-genius", *files, "-o", "itex.toml")
    assert "allowed: a discount below 1, e.g. discount=0.9" in negsim("advise", "itex.toml", status=2)
    said = flat(negsim("advise", "itex.toml", "--set", "discount=0.9", "--out", "plots"))
    assert "pays no more than competing" in said
    assert "--json lists all" in said
    assert (tmp_path / "plots" / "zone.png").stat().st_size > 10_000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--deal", "prise=95"], "unknown issue 'prise'; did you mean 'price'?"),
        (["--deal", "support=priorty"], "did you mean 'priority'?"),
        (["--deal", "price=300"], "allowed: a number from 60 to 150 k$/year"),
        (["--deal", "price"], "write ISSUE=OPTION"),
        (["--set", "discount=1"], "a discount below 1"),
        (["--set", "relationship.slp=1"], "did you mean 'slip'?"),
        (["--ask"], "--ask needs a terminal to ask in; give the deal by --deal"),
        (["--out", "/proc/nowhere/x"], "cannot write to '/proc/nowhere/x'"),
    ],
)
def test_faults_in_one_message(negsim, arguments, message, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    said = negsim("advise", "saas-renewal", *arguments, status=2)
    assert message in said
    assert len(said.strip().split("\n")) == 1


def test_given_payoffs_have_no_deal_to_place(negsim):
    arguments = ("prisoners-dilemma", "--set", "discount=0.9", "--deal", "price=3")
    assert "gives its payoffs directly, so there is no deal to place" in negsim("advise", *arguments, status=2)


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")
def test_the_questionnaire():
    # A price out of range and a misspelt word are asked again; capitals do not matter; Enter keeps the default.
    import pty

    master, slave = pty.openpty()
    os.write(master, b"300\n97.5\npriorty\nDedicated\n")
    command = [sys.executable, "-m", "simulator", "advise", "saas-renewal", "--ask", "--json"]
    done = subprocess.run(command, stdin=slave, capture_output=True, text=True, timeout=60)
    os.close(slave)
    os.close(master)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["deal"] == {"price": 97.5, "support": "dedicated"}
    for part in (
        "price (60 to 150 k$/year) [90]: ",
        "allowed: a number from 60 to 150 k$/year",
        "support (standard, priority, dedicated) [priority]: ",
        "did you mean 'priority'?",
    ):
        assert part in done.stderr

"""``negsim market`` as its users meet it: the story, one market's account, several mixes, and what is refused."""

import csv
import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from simulator.cli.market import command as market

MIX = "vendors: tit-for-tat=.5, always-compete=.5; clients: grim=1"
SHORT = ["--periods", "30"]


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")

    def run(*arguments, width=80):
        monkeypatch.setenv("COLUMNS", str(width))
        done = CliRunner().invoke(market, [*map(str, arguments)], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    return run


@pytest.fixture
def refused(tmp_path):
    def refused(*arguments):
        done = subprocess.run(
            [sys.executable, "-m", "simulator", "market", *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**os.environ, "COLUMNS": "80", "NO_COLOR": "1"},
        )
        assert (done.returncode, done.stdout) == (2, ""), done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr

    return refused


@pytest.fixture
def mixes(tmp_path):
    file = tmp_path / "mixes.toml"
    file.write_text(
        "[mix.builders]\nvendors = { tit-for-tat = 1 }\nclients = { tit-for-tat = 1 }\n"
        "[mix.press]\nvendors = { always-compete = 1 }\nclients = { tit-for-tat = 1 }\n"
    )
    return file


def lines_of(said):
    return [line.rstrip() for line in said.split("\n")]


def test_the_story_is_a_table_and_one_sentence(run):
    said = run("saas-renewal", *SHORT)
    assert max(map(len, lines_of(said))) <= 80
    text = " ".join(said.split())
    assert "If competitive agents take over, total value falls from" in text
    assert "reviewing every 3 years " in text
    assert "competes reviews without save reviews without" in text
    assert text.count("If ") == 1


def test_without_competition_for_clients_reviews_are_left_out(run):
    said = " ".join(run("prisoners-dilemma", *SHORT).split())
    assert "If competitive agents take over" in said
    assert "review" not in said


def test_the_story_writes_its_picture_table_and_document(run, tmp_path):
    run("saas-renewal", "--periods", "12", "--out", tmp_path / "m")
    assert {path.name for path in (tmp_path / "m").iterdir()} == {
        "takeover.csv", "market.json", "takeover.png", "win_and_agree.png",
    }  # fmt: skip
    with open(tmp_path / "m" / "takeover.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    found = json.loads((tmp_path / "m" / "market.json").read_text())
    assert len(rows) == 22
    assert float(rows[0]["value"]) == found["markets"][0]["value"]


def test_one_json_document(run):
    found = json.loads(run("saas-renewal", *SHORT, "--mix", MIX, "--json", "--set", "market.gossip=0.1"))
    assert list(found)[:4] == ["command", "version", "scenario", "seed"]
    assert (found["command"], found["scenario"], found["method"]) == ("market", "saas-renewal", "fluid")
    assert found["parameters"] == {"market.gossip": 0.1}
    flow = found["flow"]
    spent = flow["burned"] + flow["tendering"] + flow["search"] + flow["switching"]
    assert flow["outside"] + flow["created"] - spent == pytest.approx(flow["total"])
    assert found["prize"]["converged"] is True
    assert found["headline"]


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_account_of_one_market(run, width):
    said = run("agency-retainer", "--mix", MIX, *SHORT, width=width)
    assert max(map(len, lines_of(said))) <= width
    text = " ".join(said.split())
    for words in (
        "captured by vendors", "burned in competing", "Kaplan-Meier", "clients in one", "bids won", "vendor starved",
        "at level", "Winning a client is worth", "against the client it could have (“dream clients”)",
    ):  # fmt: skip
        assert words in text, words


def test_a_simulated_market_writes_everything(run, tmp_path):
    said = run(
        "saas-renewal", "--mix", MIX, *SHORT, "--method", "simulate", "--replicates", 2, "--seed", 3, "--out", tmp_path
    )
    assert "2 markets simulated, seed 3" in " ".join(said.split())
    assert "Standard error over 2 markets: total value" in " ".join(said.split())
    assert {path.name for path in tmp_path.iterdir()} == {
        "strategies.csv", "periods.csv", "market.json", "flow.png", "path.png",
    }  # fmt: skip
    found = json.loads((tmp_path / "market.json").read_text())
    assert (found["method"], found["replicates"], found["seed"]) == ("simulate", 2, 3)


def test_mixes_of_a_file_are_compared(run, mixes, tmp_path):
    said = run("saas-renewal", "--mixes", mixes, *SHORT, "--out", tmp_path / "m")
    text = " ".join(said.split())
    assert "Most total value: “builders”" in text
    assert {path.name for path in (tmp_path / "m").iterdir()} == {"mixes.csv", "market.json", "survival.png"}
    found = json.loads(run("saas-renewal", "--mixes", mixes, *SHORT, "--json"))
    assert list(found["mixes"]) == ["builders", "press"]
    assert found["against_best"]["mean"][0] == 0


def test_a_triangle_of_three_agents(run, tmp_path):
    agents = "tit-for-tat, walk-away, always-compete"
    run("prisoners-dilemma", "--triangle", agents, "--periods", 10, "--out", tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        "mixes.csv", "market.json", "triangle_value.png", "triangle_length.png",
    }  # fmt: skip


def test_one_role(run):
    roles = ["--set", "market.roles=one", "--set", "market.clients=40"]
    said = " ".join(run("prisoners-dilemma", *SHORT, *roles).split())
    assert "40 parties of one kind" in said
    said = " ".join(run("prisoners-dilemma", *SHORT, *roles, "--mix", "population: grim=1").split())
    assert "of the parties are in one" in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--mix", "vendors: grim=.5, bully=.6; clients: grim=1"], "sum to 1.1"),
        (["--mix", "vendors: grimm=1; clients: grim=1"], "did you mean 'grim'"),
        (["--mix", "vendors: grim=1"], "vendors"),
        (["--mix", "population: grim=1"], "has two roles"),
        (["--mixes", "nowhere.toml"], "nowhere.toml"),
        (["--mix", MIX, "--mixes", "x.toml"], "--mix and --mixes ask for different things"),
        (["--triangle", "grim, bully"], "--triangle names 2 agents; allowed: three"),
        (["--periods", "0"], "periods is 0"),
        (["--mix", MIX, "--method", "simulate", "--replicates", "0"], "replicates is 0"),
        (["--set", "market.bidders=50"], "no more bidders than vendors"),
        (["--set", "market.capacity=-1"], "market.capacity"),
        (["--set", "market.roles=one"], "has no meaning with one role"),
        (["--mix", "vendors: grim(bid=low-ball)=1; clients: grim=1"], "low-ball"),
    ],
)
def test_bad_input_gets_a_clear_message_and_writes_nothing(refused, tmp_path, arguments, message):
    assert message in refused("saas-renewal", *arguments, "--out", tmp_path / "m")
    assert not (tmp_path / "m").exists()


def test_one_role_with_different_payoffs_is_refused(refused, tmp_path):
    file = tmp_path / "unequal.toml"
    file.write_text(
        'id = "unequal"\ntitle = "Unequal"\n[payoffs]\npostures = ["compete", "cooperate"]\n'
        'vendor = [[1, 5], [0, 3]]\nclient = [[1, 0], [6, 3]]\n[market]\nroles = "one"\n'
    )
    said = refused(file)
    assert "one" in said
    assert "payoffs" in said

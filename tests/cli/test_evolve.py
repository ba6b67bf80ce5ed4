"""``negsim evolve`` and the equilibria of ``negsim show``, as their users meet them."""

import csv
import json

import pytest
from click.testing import CliRunner

from simulator.cli.evolve import command as evolve
from simulator.cli.show import command as show

PAIR = ["--vendors", "tit-for-tat,always-compete", "--clients", "tit-for-tat,always-compete", "--starts", "60"]


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")

    def run(command, *arguments):
        done = CliRunner().invoke(command, [*map(str, arguments)], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    return run


def test_evolve_reads_well_at_80_columns(run):
    said = run(evolve, "freight", "--starts", "100")
    assert max(len(line.rstrip()) for line in said.split("\n")) <= 80
    text = " ".join(said.split())
    assert "Where 100 random starts end" in text
    assert "always-cooperate takes over on both sides in" in text
    assert "Evolutionarily stable, of 36 pure profiles" in text
    assert "Forgone against the hardest mix of partners" in text


def test_evolve_prints_one_json_document(run):
    result = json.loads(run(evolve, "freight", *PAIR, "--seed", "3", "--json"))
    assert list(result)[:4] == ["command", "version", "scenario", "seed"]
    assert (result["command"], result["scenario"], result["seed"], result["starts"]) == ("evolve", "freight", 3, 60)
    assert sum(point["starts"] for point in result["rest_points"]) == 60
    assert len(result["residents"]) == 4
    assert set(result["rankings"]) == {"vendor", "client"}


def test_evolve_writes_tables_and_plots(run, tmp_path):
    run(evolve, "freight", *PAIR, "--out", tmp_path, "--set", "relationship.slip=0.05")
    assert {path.name for path in tmp_path.iterdir()} == {"evolution.csv", "evolution.json", "shares.png", "arrows.png"}
    with open(tmp_path / "evolution.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    result = json.loads((tmp_path / "evolution.json").read_text())
    assert result["parameters"] == {"relationship.slip": 0.05}
    assert len(rows) == 4 * len(result["rest_points"])


def test_show_says_the_equilibria_of_each_stage_game(run):
    said = " ".join(run(show, "saas-renewal").split())
    assert said.count("One equilibrium among these postures: squeeze with squeeze") >= 1
    assert "One equilibrium among these postures: squeeze with squeeze (30.3, 30.3)." in said
    many = " ".join(run(show, "demand-game").split())
    assert "31 equilibria among these postures" in many
    game = json.loads(run(show, "demand-game", "--json"))["stage_games"][0]["equilibria"]
    assert (game["complete"], game["count"], len(game["listed"])) == (True, 31, 31)

"""The command line as its users meet it: in its own process, with good and bad input."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from functools import partial

import pytest


@pytest.fixture
def negsim(tmp_path):
    def run(*arguments, status=0, width=80, **options):
        done = subprocess.run(
            [sys.executable, "-m", "simulator", *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**os.environ, "COLUMNS": str(width), "NO_COLOR": "1"},
            **options,
        )
        assert done.returncode == status, done.stderr
        assert "Traceback" not in done.stderr
        return done

    return run


def document(done):
    """The one JSON document on standard output, without NaN or infinity."""
    return json.loads(done.stdout, parse_constant=lambda word: pytest.fail(f"{word} in JSON"))


def test_help_names_every_command(negsim):
    from simulator.cli import COMMANDS

    said = negsim("--help").stdout
    for name in COMMANDS:
        assert name in said
        assert "Usage" in negsim(name, "--help").stdout


def test_compare_reads_well_at_80_columns_and_at_40(negsim):
    for width in (80, 40):
        lines = negsim("compare", "saas-renewal", width=width).stdout.split("\n")
        assert max(len(line.rstrip()) for line in lines) <= width
    wide = negsim("compare", "saas-renewal", "--all").stdout
    assert max(len(line.rstrip()) for line in wide.split("\n")) <= 80
    assert "extortioner" in wide


def test_compare_says_best_worst_cost_and_drivers(negsim):
    said = " ".join(negsim("compare", "saas-renewal").stdout.split())
    assert "Best: always-cooperate with always-cooperate, 521.8 k$ over 7.1 years" in said
    assert "Worst: " in said
    assert "shorter" in said
    assert "poorer" in said
    assert "What drives that cost most" in said


def test_compare_prints_one_json_document(negsim):
    done = negsim("compare", "saas-renewal", "--vendors", "tit-for-tat,grim", "--clients", "walk-away", "--json")
    result = document(done)
    assert list(result)[:4] == ["command", "version", "scenario", "seed"]
    assert (result["command"], result["scenario"], result["seed"], result["method"]) == (
        "compare",
        "saas-renewal",
        0,
        "exact",
    )
    assert result["vendors"] == ["tit-for-tat", "grim"]
    assert result["clients"] == ["walk-away"]
    for name in ("joint_value", "vendor_value", "client_value", "length", "healthy_length"):
        assert [len(row) for row in result[name]] == [1, 1], name
    assert done.stderr == ""


def test_infinity_is_null_in_json(negsim):
    changes = ["horizon=unlimited", "relationship.churn=0", "relationship.can_leave=false"]
    arguments = [word for change in changes for word in ("--set", change)]
    done = negsim("compare", "saas-renewal", "--vendors", "grim", "--clients", "grim", "--json", *arguments)
    assert document(done)["length"] == [[None]]


def test_compare_writes_tables_and_plots(negsim, tmp_path):
    negsim("compare", "saas-renewal", "--out", "results", "--set", "relationship.slip=0.05")
    files = {path.name for path in (tmp_path / "results").iterdir()}
    plots = {"joint_value.png", "length.png", "survival.png", "value_against_length.png", "loss.png"}
    assert files == {"comparison.csv", "comparison.json"} | plots
    with open(tmp_path / "results" / "comparison.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 36
    assert list(rows[0])[:6] == ["run_id", "scenario", "method", "vendor", "client", "param.relationship.slip"]
    assert list(rows[0])[-1] == "seed"
    result = json.loads((tmp_path / "results" / "comparison.json").read_text())
    assert float(rows[0]["joint_value"]) == result["joint_value"][0][0]


def test_a_simulated_comparison_carries_its_errors(negsim):
    options = ["--vendors", "grim", "--clients", "grim", "--method", "simulate", "--replicates", "500", "--seed", "3"]
    result = document(negsim("compare", "saas-renewal", *options, "--json"))
    assert result["method"] == "simulate"
    assert result["seed"] == 3
    assert result["se_joint_value"][0][0] > 0
    assert "±" in negsim("compare", "saas-renewal", *options).stdout


def test_negotiate_prints_offers_and_outcome(negsim):
    done = negsim("negotiate", "saas-renewal", "--vendor", "hard-bargainer", "--client", "principled", "--json")
    result = document(done)
    assert (result["agreed"], result["deal"], result["rounds"]) == (True, {"price": 95.0, "support": "priority"}, 37)
    assert set(result["offers"][0]) == {"round", "side", "deal", "vendor_value", "client_value"}
    said = negsim("negotiate", "saas-renewal", "--vendor", "hard-bargainer", "--client", "principled").stdout
    assert "price 95, support priority" in said
    assert "frontier" in said


def test_negotiate_writes_its_table_and_plot(negsim, tmp_path):
    negsim("negotiate", "saas-renewal", "--vendor", "boulware", "--client", "conceder", "--out", tmp_path / "n")
    assert {p.name for p in (tmp_path / "n").iterdir()} == {"offers.csv", "negotiation.json", "deal_space.png"}


@pytest.mark.parametrize("name", ["saas-renewal", "prisoners-dilemma", "demand-game"])
def test_show_and_check_tell_the_game(negsim, name):
    assert "Stage game" in negsim("show", name).stdout
    assert document(negsim("show", name, "--json"))["stage_games"]
    assert "T tempted" in negsim("check", name).stdout
    assert document(negsim("check", name, "--json"))["vendor"]["temptation"] > 0


def test_agents_and_scenarios_are_listed(negsim):
    agents = {agent["name"] for agent in document(negsim("agents", "--json"))["agents"]}
    assert {"tit-for-tat", "extortioner", "steward"} <= agents
    assert "tit-for-tat" in negsim("agents").stdout
    assert "saas-renewal" in negsim("scenarios").stdout


def test_import_check_and_compare_of_a_genius_domain(negsim, shared, tmp_path):
    folder = shared / "genius" / "ItexvsCypress"
    files = [folder / f"ItexvsCypress_{name}.xml" for name in ("domain", "Itex", "Cypress")]
    negsim("import-genius", *files, "-o", "itex.toml")
    assert "no errors" in negsim("check", "itex.toml").stdout
    assert document(negsim("compare", "itex.toml", "--json"))["scenario"] == "itexvscypress"
    negsim("compare", "itex.toml", "--out", "plots")
    assert (tmp_path / "plots" / "joint_value.png").stat().st_size > 10_000


BAD = [
    (["compare", "saas-renwal"], "unknown scenario 'saas-renwal'; did you mean 'saas-renewal'?"),
    (["comapre", "saas-renewal"], "unknown command 'comapre'; did you mean 'compare'?"),
    (["compare", "saas-renewal", "--vendors", "tit-for-tta"], "did you mean 'tit-for-tat'"),
    (["compare", "saas-renewal", "--vendors", ""], "no agent is named"),
    (["compare", "saas-renewal", "--vendors", "grim,grim"], "'grim' is named twice"),
    (["compare", "saas-renewal", "--vendors", "grim(patence=2)"], "did you mean 'patience'?"),
    (["compare", "saas-renewal", "--vendors", "random(p=1.5)"], "p is 1.5; allowed: a number from 0 to 1"),
    (["compare", "stag-hunt", "--vendors", "extortioner"], "T > R > P > S"),
    (["compare", "saas-renewal", "--replicates", "0"], "replicates is 0; allowed: a whole number of at least 1"),
    (["compare", "saas-renewal", "--seed", "-1"], "seed is -1"),
    (["compare", "saas-renewal", "--set", "relationship.slp=0.1"], "did you mean 'slip'?"),
    (["compare", "saas-renewal", "--set", "relationship.slip=2"], "relationship.slip is 2"),
    (["compare", "saas-renewal", "--set", "relationship.slip"], "write KEY=VALUE"),
    (["compare", "saas-renewal", "--set", "horizon=unlimited", "--set", "discount=1"], "no finite value"),
    (["compare", "saas-renewal", "--method", "fast"], "'auto', 'exact', 'simulate'"),
    (["compare", "missing.toml"], "missing.toml: no such file"),
    (["compare", "."], "this is a folder"),
    (["compare", "saas-renewal", "--out", "/proc/nowhere/x"], "cannot write to '/proc/nowhere/x'"),
    (["negotiate", "saas-renewal", "--vendor", "principld", "--client", "linear"], "did you mean 'principled'?"),
    (["negotiate", "prisoners-dilemma", "--vendor", "linear", "--client", "linear"], "gives its payoffs directly"),
    (["negotiate", "saas-renewal", "--vendor", "linear", "--client", "linear", "--level", "9"], "no maturity level 9"),
    (["import-genius", "a.xml", "b.xml", "c.xml", "-o", "x.toml"], "a.xml: no such file"),
    (["show"], "Missing argument 'SCENARIO'"),
    (["compare", "saas-renewal", "--set", "posture.build.tactic=nonsense"], "unknown tactic 'nonsense'"),
    (["compare", "saas-renewal", "--set", "posture.build.tactic.share=7"], "share is 7; allowed: a number from 0 to 1"),
    (["compare", "saas-renewal", "--vendors", "nope", "--out", "results"], "unknown agent 'nope'"),
    (["import-genius", "a.xml", "b.xml", "c.xml", "-o", "a.xml"], "ends in .toml"),
]


@pytest.mark.parametrize(("arguments", "message"), BAD, ids=[" ".join(a) for a, _ in BAD])
def test_bad_input_gets_one_clear_message(negsim, arguments, message, tmp_path):
    done = negsim(*arguments, status=2)
    assert message in done.stderr
    assert len(done.stderr.strip().split("\n")) == 1
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


FAULTY = """
id = "x"
title = ""
discont = 0.9
[[issue]]
name = "price"
range = { from = 5, to = 1, step = 1 }
[[posture]]
name = "odd"
tactic = "random-offers"
effort = 1.5
[relationship]
slip = nan
"""


def test_every_fault_of_a_file_is_listed_with_its_line(negsim, tmp_path):
    (tmp_path / "faulty.toml").write_text(FAULTY)
    lines = negsim("check", "faulty.toml", status=2).stderr.strip().split("\n")
    where = [line.split(": ")[0] for line in lines]
    assert where == [f"faulty.toml:{n}" for n in (3, 4, 7, 10, 11, 13)]
    assert "did you mean 'discount'?" in lines[1]
    assert "random" in lines[3]


def test_a_file_in_the_way_of_the_output_folder_is_not_touched(negsim, tmp_path):
    (tmp_path / "results").write_text("mine")
    assert "a file of that name is in the way" in negsim("compare", "saas-renewal", "--out", "results", status=2).stderr
    assert (tmp_path / "results").read_text() == "mine"


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_interrupted_comparison_leaves_nothing_half_written(tmp_path):
    command = [sys.executable, "-m", "simulator", "compare", "saas-renewal", "--all", "--out", "results"]
    command += ["--method", "simulate", "--replicates", "1000000"]
    # A shell that runs the tests in the background lets its children ignore the signal.
    heeds = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    running = subprocess.Popen(
        command, cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, preexec_fn=heeds
    )
    time.sleep(2.0)
    assert running.poll() is None
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert said.strip() == "stopped; nothing was written"
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_goes_away_is_no_error(tmp_path):
    command = f"{sys.executable} -m simulator compare saas-renewal --all | head -n 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=tmp_path)
    assert done.stderr == ""


def test_a_setting_may_begin_with_a_point(negsim):
    short, full = (
        negsim("compare", "saas-renewal", "--json", "--set", f"relationship.slip={x}") for x in (".05", "0.05")
    )
    assert short.stdout == full.stdout


def test_a_screen_without_the_marks_shows_the_rest(negsim):
    import os

    os.environ["PYTHONIOENCODING"] = "ascii"
    try:
        assert "521.8?" in negsim("compare", "saas-renewal").stdout
    finally:
        del os.environ["PYTHONIOENCODING"]


def test_without_a_command_the_help_is_shown(negsim):
    assert "Commands:" in negsim().stdout


def test_an_import_does_not_write_over_a_file_unasked(negsim, shared, tmp_path):
    folder = shared / "genius" / "LaptopC_2012"
    files = [folder / name for name in ("Laptop-C-domain.xml", "Laptop-C-prof1.xml", "Laptop-C-prof2.xml")]
    (tmp_path / "laptop.toml").write_text("mine")
    assert "--force" in negsim("import-genius", *files, "-o", "laptop.toml", status=2).stderr
    assert (tmp_path / "laptop.toml").read_text() == "mine"
    negsim("import-genius", *files, "-o", "laptop.toml", "--force")
    assert "laptop" in negsim("check", "laptop.toml").stdout.lower()


STEERING = """
id = "x"
title = "a\\u001b[31mb"
[payoffs]
postures = ["a"]
vendor = [[1]]
client = [[1]]
"""


def test_text_that_steers_a_terminal_is_refused(negsim, tmp_path):
    (tmp_path / "x.toml").write_text(STEERING)
    assert "x.toml:3: title holds control characters" in negsim("check", "x.toml", status=2).stderr


def test_breakeven_says_where_a_side_is_better_off_elsewhere(negsim):
    said = " ".join(negsim("breakeven", "saas-renewal", "issue.price").stdout.split())
    assert "the vendor is better off looking elsewhere below 76.691 k$/year" in said
    assert "the client is better off looking elsewhere above 108.52 k$/year" in said


def test_breakeven_prints_one_json_document(negsim):
    where = "vendor building = vendor squeezing"
    options = ["--client", "tit-for-tat", "--where", where, "--set", "relationship.slip=0.05", "--to", "0.9", "--json"]
    content = document(negsim("breakeven", "saas-renewal", "relationship.churn", *options))
    assert list(content)[:4] == ["command", "version", "scenario", "seed"]
    (found,) = content["conditions"]
    assert found["condition"] == where
    assert [root["jump"] for root in found["break_even"]] == [False]
    assert 0 < found["break_even"][0]["at"] < content["to"] == 0.9


def test_breakeven_refuses_bad_input_in_one_line(negsim):
    for arguments, hint in (
        (["issue.prise"], "did you mean 'issue.price'"),
        (["discount", "--where", "vendor bilding = vendor squeezing"], "did you mean 'building'"),
        (["discount", "--from", "0.9", "--to", "0.1"], "a low end below the high end"),
    ):
        said = negsim("breakeven", "saas-renewal", *arguments, status=2).stderr
        assert hint in said
        assert said.count("\n") == 1

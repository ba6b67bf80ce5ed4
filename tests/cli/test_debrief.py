"""``negsim debrief``: from a workshop's file or a table of deals to one page."""

import subprocess
import sys

import numpy as np
import pytest

import simulator as ns
from simulator.workshop.automatic import rehearse
from simulator.workshop.debrief.document import record_to_json
from simulator.workshop.plan import Plan
from simulator.workshop.record import record_of

TABLE = "pair,period,price,support\n1,1,95,priority\n2,1,,\n"


def run(*arguments):
    return subprocess.run([sys.executable, "-m", "simulator", "debrief", *arguments], capture_output=True, text=True)


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    s = ns.load_scenario("saas-renewal")
    room, _ = rehearse(s, Plan.of(s, periods=2), people=4, rng=np.random.default_rng(2), now=0.0)
    file = tmp_path_factory.mktemp("workshop") / "workshop.json"
    file.write_text(record_to_json(record_of(room)), encoding="utf-8")
    return file


def test_a_workshops_file_becomes_a_page_beside_it(exported):
    done = run(str(exported))
    assert (done.returncode, done.stderr) == (0, "")
    assert "Two pairs could have shared" in exported.with_suffix(".html").read_text(encoding="utf-8")
    again = run(str(exported))
    assert again.returncode == 2
    assert "--force" in again.stderr
    assert run(str(exported), "--force").returncode == 0


def test_a_table_of_deals_needs_its_scenario(tmp_path):
    file, page = tmp_path / "deals.csv", tmp_path / "page.html"
    file.write_text(TABLE)
    assert "--scenario" in run(str(file)).stderr
    done = run(str(file), "--scenario", "saas-renewal", "-o", str(page), "--title", "Monday")
    assert (done.returncode, done.stderr) == (0, "")
    assert "<h1>Monday</h1>" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "said"),
    [("{}", "has no"), ("pair,period,price,support\n1,1,95,x\n", ":2: "), ("{", "no JSON"), ("", "column")],
)
def test_a_bad_file_gets_one_clear_message_and_no_page(tmp_path, text, said):
    file = tmp_path / "bad.txt"
    file.write_text(text)
    options = [] if text.startswith("{") else ["--scenario", "saas-renewal"]
    done = run(str(file), *options)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_that_is_not_there_or_would_be_overwritten_is_named(tmp_path, exported):
    assert "cannot read" in run(str(tmp_path / "none.json")).stderr
    assert "file to read" in run(str(exported), "-o", str(exported)).stderr

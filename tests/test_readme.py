"""The README's commands and code run, and the numbers that it shows are what they print."""

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

README = Path(__file__).resolve().parents[1] / "README.md"
TEXT = README.read_text()


def test_the_python_code_runs():
    failed, tried = doctest.testfile(str(README), module_relative=False)
    assert (failed, tried > 3) == (0, True)


def test_the_output_shown_is_what_the_command_prints():
    shown = re.findall(r"<!-- output of: (.*?) -->\n```text\n(.*?)```\n<!-- end -->", TEXT, re.DOTALL)
    assert shown
    for command, excerpt in shown:
        done = subprocess.run(
            [sys.executable, "-m", "simulator", *shlex.split(command)],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "COLUMNS": "80", "NO_COLOR": "1"},
        )
        printed = "\n".join(line.rstrip() for line in done.stdout.split("\n"))
        for part in excerpt.split("...\n"):
            assert part.strip("\n") in printed, command


def test_the_commands_of_the_table_exist():
    from simulator.cli import COMMANDS

    named = set(re.findall(r"`negsim ([a-z-]+)", TEXT))
    assert named == set(COMMANDS)


def test_the_gate_runs_exactly_the_test_command_of_the_readme():
    command = re.search(r"<!-- test command -->\n```sh\n(.*?)\n```\n<!-- end -->", TEXT, re.DOTALL)
    assert command
    assert command[1].count("\n") == 0
    gate = (README.parent / ".ci" / "run").read_text()
    assert "<!-- test command -->" in gate
    assert "pytest -q" not in gate.replace("pytest.log", ""), "the gate takes the command from the README"

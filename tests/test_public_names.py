"""The public surface: complete, documented, with examples that run, quick to import."""

import doctest
import importlib
import inspect
import pkgutil
import subprocess
import sys

import pytest

import simulator

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(simulator.__path__, "simulator.")
    if not module.name.endswith("__main__")
)


def test_every_public_name_can_be_loaded_and_is_documented():
    for name in simulator.__all__:
        value = getattr(simulator, name)
        assert inspect.getdoc(value), name


def test_all_lists_exactly_the_names_that_have_a_home():
    assert sorted(simulator.__all__) == simulator.__all__
    assert set(simulator.__all__) == set(simulator._HOME_OF)


def test_no_public_name_equals_the_name_of_a_subpackage():
    subpackages = {name.split(".")[1] for name in MODULES}
    assert not subpackages & set(simulator.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'comprae'"):
        simulator.comprae  # noqa: B018


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_run(name):
    module = importlib.import_module(name)
    assert module.__doc__, f"{name} says what it is for"
    failed, _ = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failed == 0


HEAVY = ("numpy", "scipy", "nashpy", "matplotlib", "pandas", "pydantic", "rich")


def loaded_after(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint(*sorted(m for m in {HEAVY!r} if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split("\n")[-2].split())


def test_importing_the_package_loads_nothing_heavy():
    assert loaded_after("import simulator") == set()


def test_help_loads_nothing_heavy():
    code = "from simulator.cli import negsim\nnegsim.main(['--help'], standalone_mode=False)"
    assert loaded_after(code) == set()


def test_loading_a_scenario_needs_no_plots_and_no_solvers_of_others():
    code = "import simulator as ns\nns.load_scenario('saas-renewal')"
    assert not loaded_after(code) & {"scipy", "nashpy", "matplotlib", "pandas"}


def test_an_exact_comparison_needs_no_plots():
    code = "import simulator as ns\nns.compare(ns.load_scenario('saas-renewal'))"
    assert not loaded_after(code) & {"nashpy", "matplotlib", "pandas"}

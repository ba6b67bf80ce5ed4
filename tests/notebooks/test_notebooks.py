"""Every notebook runs from a clean kernel of the interpreter that runs the tests, and is stored without outputs."""

import json
import os
import sys
from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")

from jupyter_client.kernelspec import KernelSpecManager  # noqa: E402
from jupyter_client.manager import AsyncKernelManager  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

# What a reader must find in the outputs of a notebook, besides that nothing failed.
SHOWN = {
    "payoff_matrices.ipynb": {
        "payoff table": "30.30*",
        "an equilibrium in words": "One pure equilibrium among these postures (vendor / client): squeeze / squeeze.",
        "stag hunt": "stag hunt · 2 × 2 postures",
        "heat table": "background:#184286;color:#ffffff",
        "heat table, best": ">best</div>",
        "choice of strategy": "6 × 6 strategies",
        "relationship": "is left on the table",
        "negotiation": "the client accepted",
        "deal space": "57 deals over price, support",
        "slider": "application/vnd.jupyter.widget-view+json",
        "plot": "image/png",
        "explanation": "lost because it is shorter",
    }
}


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    """A kernel that is this interpreter and reads no configuration of the user."""
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "MPLCONFIGDIR"):
        (tmp_path / name.lower()).mkdir()
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    folder = tmp_path / "kernels" / "tests"
    folder.mkdir(parents=True)
    start = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": start, "display_name": "the interpreter of the tests", "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    specs = KernelSpecManager(kernel_dirs=[str(folder.parent)], ensure_native_kernel=False)
    return AsyncKernelManager(kernel_name="tests", kernel_spec_manager=specs)


def read(path):
    return nbformat.read(path, as_version=4)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_is_stored_without_outputs(path):
    notebook = read(path)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        assert not cell.get("outputs"), f"{path.name}: clear the outputs before storing it"
        assert cell.get("execution_count") is None
    assert "widgets" not in notebook.metadata


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_runs_and_shows_what_it_promises(path, kernel, tmp_path):
    notebook = read(path)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("MPLBACKEND", None)  # the kernel chooses: pictures in the notebook
    client = nbclient.NotebookClient(notebook, km=kernel, timeout=60, resources={"metadata": {"path": str(tmp_path)}})
    client.execute(env=environment, cleanup_kc=True)  # raises where a cell fails
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    complaints = [output.text for output in outputs if output.get("name") == "stderr"]
    assert not complaints
    widgets = notebook.metadata.get("widgets", {}).values()
    failed = [output for state in widgets for model in state["state"].values()
              for output in model["state"].get("outputs", ()) if output["output_type"] == "error"]  # fmt: skip
    assert not failed, "a slider shows an error"
    text = "".join(str(output.get("text", "")) + str(output.get("data", "")) for output in outputs)
    missing = [what for what, mark in SHOWN[path.name].items() if mark not in text]
    assert not missing


def test_every_notebook_says_what_it_must_show():
    assert {path.name for path in NOTEBOOKS} == set(SHOWN)

"""What the commands share: options, the scenario argument with its changes, JSON output, progress."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from simulator import __version__

if TYPE_CHECKING:
    from rich.console import Console

    from simulator.scenario.schema import Scenario

__all__ = [
    "console",
    "json_option",
    "loaded",
    "out_option",
    "print_json",
    "progress",
    "save",
    "seed_option",
    "set_option",
]

F = TypeVar("F", bound=Callable[..., Any])

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
out_option = click.option("--out", metavar="DIR", help="Write tables, JSON and plots into this folder.")
seed_option = click.option("--seed", type=int, default=0, show_default=True, help="Seed of everything random.")
set_option = click.option(
    "--set", "changes", multiple=True, metavar="KEY=VALUE", help="Change a setting, e.g. relationship.slip=0.05."
)


def loaded(name: str, changes: tuple[str, ...] = ()) -> tuple[Scenario, dict[str, Any]]:
    """The scenario of that name or path with the changes made, and the changes."""
    import simulator as ns
    from simulator.scenario.changes import parse_setting

    scenario = ns.load_scenario(name)
    parameters = dict(parse_setting(change) for change in changes)
    return (scenario.replace(parameters) if parameters else scenario), parameters


def console() -> Console:
    """Where a command prints for people."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=False)


def document(command: str, scenario: str | None, seed: int | None, content: Mapping[str, Any]) -> dict[str, Any]:
    """A result as one JSON document with the keys that all commands share first."""
    return {"command": command, "version": __version__, "scenario": scenario, "seed": seed, **content}


def print_json(content: Mapping[str, Any]) -> None:
    """Print one JSON document on standard output."""
    from simulator.reports.files import as_json

    click.echo(as_json(content))


def save(folder: Path, files: Mapping[str, str | bytes], *, quiet: bool) -> None:
    """Write files into a folder and say which."""
    from simulator.reports.files import write_file

    for name, content in files.items():
        write_file(folder / name, content)
    if not quiet:
        click.echo(f"written to {folder}: {', '.join(files)}")


def pictures(figures: Mapping[str, Any]) -> dict[str, bytes]:
    """Figures as PNG files."""
    import io

    files = {}
    for name, figure in figures.items():
        picture = io.BytesIO()
        figure.savefig(picture, format="png")
        files[name] = picture.getvalue()
    return files


@contextmanager
def progress(label: str, *, quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar on standard error, where somebody is looking."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)

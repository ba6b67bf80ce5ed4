"""``negsim workshop``: a room full of people plays a scenario, over the local network."""

from __future__ import annotations

import contextlib
import json
import shlex
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.cli.common import document, loaded, set_option

if TYPE_CHECKING:
    from simulator.workshop.live import Live
    from simulator.workshop.store import Folder
    from simulator.workshop.web.hall import Hall

PORT = 8000
MISSING = 'the workshop needs a few more packages: pip install "negotiation-simulator[workshop]"'
LATEST = "the latest"


@click.command("workshop")
@click.argument("scenario", required=False)
@click.option("--lan", is_flag=True, help="Let phones in the local network join; else only this laptop.")
@click.option("--port", type=click.IntRange(0, 65535), help=f"Port (default: {PORT} or the next free one; 0: any).")
@click.option("--data", metavar="DIR", help="Folder of the workshops' files (default: negsim-workshops at home).")
@click.option("--resume", is_flag=False, flag_value=LATEST, metavar="[CODE]", help="Go on with a workshop.")
@click.option("--rehearse", is_flag=True, help="Let agents play it first, and look at the debrief.")
@click.option("--people", type=click.IntRange(2, 200), default=12, show_default=True, help="Agents of a rehearsal.")
@click.option("--address", "named", multiple=True, metavar="URL", help="A further address under which it is reached.")
@click.option("--full-sync", is_flag=True, help="Wait for the disk at each step: survives a loss of power too.")
@set_option
@click.option("--json", "as_json", is_flag=True, help="Print the addresses as one line of JSON first.")
def command(
    scenario: str | None,
    lan: bool,
    port: int | None,
    data: str | None,
    resume: str | None,
    rehearse: bool,
    people: int,
    named: tuple[str, ...],
    full_sync: bool,
    changes: tuple[str, ...],
    as_json: bool,
) -> None:
    """Hold a workshop: people join by phone, play the scenario in pairs, and see what happened.

    Without SCENARIO the console opens on the list of scenarios and of workshops begun. Everything stays on this laptop;
    no internet is needed. Stop with Ctrl-C; go on with --resume.
    """
    if resume is not None and (scenario is not None or rehearse or changes):
        raise click.UsageError("--resume goes on with a workshop as it is; leave out the scenario and its changes")
    if scenario is None and (rehearse or changes):
        raise click.UsageError("name the scenario that is to be rehearsed or changed")
    try:
        import jinja2  # noqa: F401
        import python_multipart  # noqa: F401
        import segno  # noqa: F401
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError:
        raise click.ClickException(MISSING) from None
    from simulator.workshop.store import Folder
    from simulator.workshop.web.addresses import bound, room_on_disk
    from simulator.workshop.web.app import create_app
    from simulator.workshop.web.hall import Hall
    from simulator.workshop.web.server import serve

    found = loaded(scenario, changes)[0] if scenario is not None else None
    folder = Folder(Path(data).expanduser() if data else Path.home() / "negsim-workshops", full=full_sync)
    room_on_disk(folder.path)
    listening = bound("0.0.0.0" if lan else "127.0.0.1", PORT if port is None else port, search=port is None)
    with listening:
        live = _live(folder, found, resume, rehearse, people)
        taken = listening.getsockname()[1]
        again = partial(_addresses, taken, named, lan=lan)
        hall = Hall(folder, again(), again=again if lan else None)
        if live is not None:
            hall.add(live)
        with contextlib.suppress(KeyboardInterrupt):
            _announce(hall, live, as_json=as_json, lan=lan)
            serve(create_app(hall), hall, listening)
    if live is not None and not as_json:
        # Phones come back to the address that they know: the same port and names again.
        options = ["--lan"] * lan + ["--full-sync"] * full_sync + (["--data", data] if data else [])
        options += ["--port", str(taken)] if taken != PORT else []
        options += [part for one in named for part in ("--address", one)]
        again_with = shlex.join([live.code, *options])
        click.echo(f"Stopped; nothing is lost. Go on with: negsim workshop --resume {again_with}")


def _live(folder: Folder, scenario: Any, resume: str | None, rehearse: bool, people: int) -> Live | None:
    """The workshop to begin with: a new one, a rehearsal, one that was begun; None: the list."""
    from simulator.errors import SimulatorError
    from simulator.workshop.live import opened, started
    from simulator.workshop.plan import Plan
    from simulator.workshop.store import tidy_code

    if resume is not None:
        codes = folder.codes()
        if not codes:
            raise SimulatorError(f"there is no workshop in {str(folder.path)!r} to go on with")
        return opened(folder, codes[0] if resume == LATEST else tidy_code(resume))
    if scenario is None:
        return None
    if rehearse:
        from simulator.workshop.web.library import rehearsed

        return rehearsed(folder, scenario, Plan.of(scenario), people)
    return started(folder, scenario, Plan.of(scenario), title=scenario.title)


def _addresses(port: int, named: tuple[str, ...], *, lan: bool) -> list[str]:
    """Where it is reached: addresses given by name, those of the network, this laptop's own."""
    from urllib.parse import urlsplit

    from simulator.workshop.web.addresses import lan_addresses

    ending = "" if port == 80 else f":{port}"
    given = []
    for one in named:
        parts = urlsplit(one if "://" in one else f"http://{one}")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
            raise click.UsageError(f"--address {one!r} is no address; write it as https://workshop.example.org")
        given.append(f"{parts.scheme}://{parts.netloc.lower()}")
    network = [f"http://{one}{ending}" for one in lan_addresses()] if lan else []
    return list(dict.fromkeys([*given, *network, f"http://127.0.0.1{ending}", f"http://localhost{ending}"]))


def _announce(hall: Hall, live: Live | None, *, as_json: bool, lan: bool) -> None:
    """Say where everybody goes; the trainer's address is shown this once."""
    here = next(one for one in hall.addresses if "127.0.0.1" in one)
    trainer = f"{here}/trainer/{hall.trainer.token}"
    code = live.code if live else None
    join = [f"{one}/w/{code}" for one in hall.addresses] if live else []
    if as_json:
        content = {
            "code": code,
            "addresses": list(hall.addresses),
            "join": join,
            "trainer": trainer,
            "projector": f"{here}/projector/{code}/{hall.trainer.projector(code)}" if code else None,
            "data": str(hall.folder.path),
        }
        scenario = live.scenario.id if live else None
        click.echo(json.dumps(document("workshop", scenario, None, content), ensure_ascii=False))
        sys.stdout.flush()
        return
    if live is not None:
        room = live.room
        playing = 0 if room.phase == "lobby" else len(room.players())
        click.echo(f"{live.title}. {room.plan.said(playing or room.expected or 30)}.")
    click.echo(f"\nFor you, the trainer (keep it to yourself):\n  {trainer}")
    if live is not None:
        click.echo(f"\nFor everybody, code {live.code}:")
        for address in (one for one in join if "//localhost" not in one):
            click.echo(f"  {address}")
            if "127.0.0.1" not in address and sys.stdout.isatty():
                import segno

                segno.make(address, micro=False).terminal(compact=True)
    if lan and len(hall.addresses) == 2:
        click.echo(
            "\nThis laptop is in no network at the moment: switch on its hotspot or join a Wi-Fi;"
            "\nthe console then shows the address."
        )
    elif not lan:
        click.echo("\nOnly this laptop can join. For phones: --lan")
    click.echo(f"\nKept in {hall.folder.path}. Stop with Ctrl-C.")
    sys.stdout.flush()

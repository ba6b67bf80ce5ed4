"""The command line: one file per command, each a thin layer over the public names of the package.

Commands are loaded when they are called, so that ``negsim --help`` is quick. Every error that a user can make ends in
one message per fault on standard error and exit status 2.
"""

from __future__ import annotations

import io
import os
import sys
from importlib import import_module

import click

from simulator import __version__
from simulator.errors import SimulatorError, nearest

__all__ = ["main"]

COMMANDS = {
    "scenarios": "List the scenarios of the library.",
    "show": "Show a scenario: story, deals, stage games, levels.",
    "check": "Check a scenario file: errors, and notes worth knowing.",
    "agents": "List the agents of the catalogue.",
    "negotiate": "Let two tactics negotiate and show offers and outcome.",
    "compare": "Compare vendor agents with client agents.",
    "market": "Run a whole market: competing for clients, leaving, meeting again.",
    "evolve": "Let strategies spread that earn more.",
    "breakeven": "Find where a setting breaks even.",
    "advise": "Place a real deal and answer a seller's questions about it.",
    "workshop": "Hold a workshop: a room full of people plays a scenario.",
    "debrief": "Write the report of a workshop, or of role plays held on paper.",
    "import-genius": "Turn a GENIUS or GeniusWeb domain into a scenario.",
}


class Commands(click.Group):
    """The commands, each imported when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands, in the order of the help page."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module("simulator.cli." + cmd_name.replace("-", "_"))
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest names for an unknown command."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            hint = nearest(args[0], COMMANDS) or "known: " + ", ".join(COMMANDS)
            raise click.UsageError(f"unknown command {args[0]!r}; {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="negsim")
def negsim() -> None:
    """Simulate negotiations and the relationships that follow.

    \b
    negsim compare saas-renewal      which strategies create value, who captures it, how long it lasts
    negsim show saas-renewal         what the situation is
    """


def main() -> None:
    """Run the command line and exit with its status: 0 done, 2 bad input, 130 stopped."""
    for screen in (sys.stdout, sys.stderr):
        if isinstance(screen, io.TextIOWrapper):  # a mark that the screen cannot show is no reason to stop
            screen.reconfigure(errors="replace")
    try:
        status = negsim.main(standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as error:
        status = error.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message())  # noqa: T201
        status = 0
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        place = context.command_path if context else "negsim"
        _fail(f"{place}: {error.format_message()}")
    except SimulatorError as error:
        _fail(str(error))
    except (KeyboardInterrupt, click.Abort):
        print("stopped; nothing was written", file=sys.stderr, flush=True)  # noqa: T201
        # Not sys.exit: where the interrupt fell into an exec (a class being made), Python would die by the signal.
        sys.stdout.flush()
        os._exit(130)
    except BrokenPipeError:  # the reader of a pipe has gone, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:  # files are written with messages of their own; this is the screen or the pipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _fail(f"cannot write the output: {error.strerror}")
    sys.exit(status if isinstance(status, int) else 0)


def _fail(message: str) -> None:
    print(message, file=sys.stderr)  # noqa: T201
    sys.exit(2)

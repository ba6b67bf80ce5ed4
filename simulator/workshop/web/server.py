"""Running the web app: one process, one event loop, stopped within two seconds."""

from __future__ import annotations

import socket
from types import FrameType

import uvicorn
from starlette.applications import Starlette

from simulator.workshop.web.hall import Hall

__all__ = ["serve"]

GRACE = 2  # seconds that answers under way have when the server stops


class _Server(uvicorn.Server):
    """Ends the streams as soon as it is asked to stop; else they would hold the server for its whole grace."""

    def __init__(self, config: uvicorn.Config, hall: Hall) -> None:
        super().__init__(config)
        self._hall = hall

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._hall.stop()
        super().handle_exit(sig, frame)


def serve(app: Starlette, hall: Hall, listening: socket.socket) -> None:
    """Serve until stopped (Ctrl-C or a termination signal)."""
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=30,
        lifespan="on",
        ws="none",
    )
    _Server(config, hall).run(sockets=[listening])

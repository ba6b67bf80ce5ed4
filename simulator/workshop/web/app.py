"""The web app: routes, what is answered when something is wrong, and the clock that runs beside it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.workshop.store import StoreError
from simulator.workshop.web import console, joining, projector, sandbox, seat
from simulator.workshop.web.hall import Hall
from simulator.workshop.web.pages import TYPES, asset, page, static
from simulator.workshop.web.security import HEADERS, Guard

__all__ = ["create_app"]


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in ("workshop.css", "workshop.js") or asset(name) != request.url.path:
        raise HTTPException(404)
    kind = TYPES[name.rpartition(".")[2]]
    return Response(static(name), media_type=kind, headers={"cache-control": "public, max-age=31536000, immutable"})


async def _refused(request: Request) -> Response:
    """What the guard did not let through, said in words."""
    kind = request.scope.get("refused", "")
    if not kind:
        raise HTTPException(404)
    status = {"host": 421, "method": 405, "length": 411, "size": 413, "type": 415}.get(kind, 403)
    return page(request, "error.html", status=status, kind=kind, code="")


async def _http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    kind = {404: "missing", 405: "method"}.get(status, "form")
    return page(request, "error.html", status=status, kind=kind, code="")


async def _store_error(request: Request, error: Exception) -> Response:
    hall: Hall = request.app.state.hall
    code = request.path_params.get("code", "")
    if code and not hall.known(code.upper()):
        hall.limits.wrong(joining.address_of(request))
        slow = hall.limits.exceeded(joining.address_of(request))
        return page(request, "error.html", status=429 if slow else 404, kind="slow" if slow else "no-workshop", code="")
    return page(request, "error.html", status=503, kind="store", code="", said=str(error))


async def _fault(request: Request, error: Exception) -> Response:  # noqa: ARG001 the server writes it down
    answer = page(request, "error.html", status=500, kind="fault", code="")
    answer.headers.update(HEADERS)  # this answer does not pass the guard
    return answer


async def _gone(request: Request, error: Exception) -> Response:  # noqa: ARG001 nobody is there to read it
    return Response(status_code=499)


def create_app(hall: Hall) -> Starlette:
    """The web app over the workshops of a data folder."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:  # noqa: ARG001 as starlette calls it
        clock = asyncio.create_task(hall.run_clock())
        try:
            yield
        finally:
            clock.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await clock
            hall.close()

    app = Starlette(
        routes=[
            Route("/", joining.code_page, methods=["GET", "POST"]),
            Route("/refused", _refused),
            Route("/static/{hash}/{name}", _asset),
            Route("/w/{code}", seat.look),
            Route("/w/{code}", seat.act, methods=["POST"]),
            Route("/w/{code}/join", joining.join, methods=["POST"]),
            Route("/w/{code}/forget", joining.forget, methods=["POST"]),
            Route("/w/{code}/words", joining.back_by_words, methods=["GET", "POST"]),
            Route("/w/{code}/back/{token}", joining.back_by_link),
            Route("/w/{code}/stream", seat.seat_stream),
            Route("/w/{code}/version", seat.say_version),
            Route("/w/{code}/qr.svg", seat.own_code),
            Route("/w/{code}/sheet.html", seat.save_sheet),
            Route("/w/{code}/sandbox", sandbox.look_from_seat),
            *console.routes,
            *projector.routes,
        ],
        exception_handlers={
            HTTPException: _http_error,
            StoreError: _store_error,
            ClientDisconnect: _gone,
            Exception: _fault,
        },
        lifespan=lifespan,
    )
    app.state.hall = hall
    app.add_middleware(Guard, answers_to=hall.answers_to)
    return app

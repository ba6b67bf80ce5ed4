"""Coming in: by code, by QR code, back again by link or by three words, and off this phone."""

from __future__ import annotations

import hashlib
import hmac
import re
from functools import cache
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from simulator.workshop.moves import Refused
from simulator.workshop.store import StoreError, digest, tidy_code
from simulator.workshop.web.forms import text
from simulator.workshop.web.hall import Hall, Stage
from simulator.workshop.web.pages import page
from simulator.workshop.web.security import new_token, resume_words
from simulator.workshop.words import words

__all__ = [
    "back_by_link",
    "back_by_words",
    "code_page",
    "device_of",
    "forget",
    "join",
    "join_page",
    "seat_of",
    "words_of",
]

COOKIE = "seat"
KEPT = 7 * 24 * 3600  # seconds a browser keeps its seat
_NONCE = re.compile(r"[A-Za-z0-9_-]{20,64}")


@cache
def listed_words() -> list[str]:
    """The words that a seat can be found by."""
    return (files("simulator.workshop") / "messages" / "words.txt").read_text(encoding="utf-8").split()


def words_of(token: str) -> str:
    """The three words that lead back to the seat of this token."""
    return resume_words(token, listed_words())


def device_of(token: str) -> str:
    """The name of the device that holds this token."""
    return digest("device", token)[:16]


def seat_of(request: Request, stage: Stage) -> tuple[str, str] | None:
    """Seat and token of a request's cookie; None when it has none that counts here."""
    token = request.cookies.get(COOKIE, "")
    seat = stage.live.store.seat_of(token) if token else None
    return None if seat is None else (seat, token)


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else ""


def _seated(code: str, token: str) -> Response:
    answer = RedirectResponse(f"/w/{code}", status_code=303)
    answer.set_cookie(COOKIE, token, max_age=KEPT, path=f"/w/{code}", httponly=True, samesite="lax")
    return answer


def join_page(request: Request, stage: Stage, *, status: int = 200, errors: dict[str, str] | None = None) -> Response:
    """Name (optional) and one button; the form's nonce makes sure that two taps give one seat."""
    room = stage.live.room
    return page(
        request,
        "join.html",
        status=status,
        room=room,
        code=stage.live.code,
        nonce=new_token(),
        errors=errors or {},
        closed=room.phase == "closed",
    )


async def code_page(request: Request) -> Response:
    """The first page: type the code of the workshop."""
    hall: Hall = request.app.state.hall
    typed, errors, status = "", {}, 200
    if request.method == "POST":
        form = await request.form()
        typed = text(form, "code", most=40)
        code = tidy_code(typed)
        if code and hall.known(code):
            return RedirectResponse(f"/w/{code}", status_code=303)
        hall.limits.wrong(address_of(request))
        slow = hall.limits.exceeded(address_of(request))
        status = 429 if slow else 422
        errors = {"code": words()("join.too-many" if slow else "join.no-such-code" if code else "join.no-code")}
    return page(request, "code.html", status=status, typed=typed, errors=errors)


async def join(request: Request) -> Response:
    """Take a seat."""
    hall: Hall = request.app.state.hall
    stage = found(request)
    form = await request.form()
    nonce = text(form, "nonce", most=64)
    if not _NONCE.fullmatch(nonce):
        return join_page(request, stage, status=422)
    signed = hmac.new(hall.folder.key, f"seat\x1f{stage.live.code}\x1f{nonce}".encode(), hashlib.sha256)
    token = signed.hexdigest()[:32]
    if stage.live.store.seat_of(token) is None:
        role = "observer" if text(form, "role", most=20) == "observer" else "player"
        try:
            seat = stage.live.join(
                text(form, "name", most=60), role=role, token=token, words=words_of(token), device=device_of(token)
            )
        except Refused as refusal:
            said = words()(f"refused.{refusal.key}", **refusal.values)
            return join_page(request, stage, status=422, errors={refusal.field or "name": said})
        stage.heard(seat)
        stage.changed()
    return _seated(stage.live.code, token)


def _added(stage: Stage, seat: str) -> Response:
    """A further device for a seat, with a token of its own."""
    token = new_token()
    with stage.live.store.transaction():
        stage.live.store.give_token(token, seat)
        stage.live.store.give_token(words_of(token), seat, kind="words")
    try:
        stage.live.join_team(seat, device_of(token))
    except Refused as refusal:
        raise StoreError(words()(f"refused.{refusal.key}", **refusal.values)) from None
    stage.changed()
    return _seated(stage.live.code, token)


async def back_by_link(request: Request) -> Response:
    """Come back, or join a team's seat, by its link."""
    stage = found(request)
    token = request.path_params["token"]
    seat = stage.live.store.seat_of(token)
    if seat is None:
        request.app.state.hall.limits.wrong(address_of(request))
        return page(request, "error.html", status=404, kind="no-seat", code=stage.live.code)
    here = seat_of(request, stage)
    if here is not None and here[0] == seat:
        return RedirectResponse(f"/w/{stage.live.code}", status_code=303)
    return _added(stage, seat)


async def back_by_words(request: Request) -> Response:
    """Come back by the three words."""
    hall: Hall = request.app.state.hall
    stage = found(request)
    address = address_of(request)
    typed, errors, status = "", {}, 200
    if request.method == "POST":
        form = await request.form()
        typed = text(form, "words", most=80)
        await hall.limits.wait(address)
        said = " ".join(re.findall(r"[a-z]+", typed.lower()))
        seat = stage.live.store.seat_of(said, kind="words") if said else None
        if seat is not None:
            return _added(stage, seat)
        hall.limits.wrong(address)
        slow = hall.limits.exceeded(address)
        status = 429 if slow else 422
        errors = {"words": words()("join.too-many" if slow else "join.no-such-words")}
    return page(request, "words.html", status=status, code=stage.live.code, typed=typed, errors=errors)


async def forget(request: Request) -> Response:
    """Let this phone go of its seat; the seat itself stays, its words lead back."""
    stage = found(request)
    answer = RedirectResponse(f"/w/{stage.live.code}", status_code=303)
    answer.delete_cookie(COOKIE, path=f"/w/{stage.live.code}", httponly=True, samesite="lax")
    return answer


def found(request: Request) -> Stage:
    """The workshop that an address names.

    Raises
    ------
    StoreError
        When there is none.
    """
    hall: Hall = request.app.state.hall
    return hall.stage(request.path_params["code"])

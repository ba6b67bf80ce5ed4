"""From a form to a move. Everything in a form is hostile: only known fields are read, and texts are kept short."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from simulator.workshop.refusal import Refused

__all__ = ["SEAT_FORMS", "TRAINER_FORMS", "number", "posted_key", "step_of", "text"]

MOST_TEXT = 2_000
MOST_KEY = 200
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")

Form = Mapping[str, Any]
Move = dict[str, Any]


def text(form: Form, name: str, *, most: int = MOST_TEXT) -> str:
    """A line of text without control characters; what is no text (a file) counts as nothing."""
    said = form.get(name, "")
    if not isinstance(said, str):
        return ""
    return "".join(letter for letter in said[:most] if letter.isprintable() or letter == "\n").strip()


def number(form: Form, name: str) -> float | None:
    """A number as people write it; None for nothing.

    Examples
    --------
    >>> [number({"x": said}, "x") for said in ("1,250", "1 250", "12,5", "−3", "40%", "")]
    [1250.0, 1250.0, 12.5, -3.0, 40.0, None]
    """
    said = re.sub(r"[\s_'’]", "", text(form, name, most=60)).replace("−", "-").rstrip("%")
    if not said:
        return None
    said = said.replace(",", "") if _GROUPED.fullmatch(said) else said.replace(",", ".")
    try:
        value = float(said)
    except ValueError:
        raise Refused("not-a-number", name) from None
    if not math.isfinite(value) or abs(value) > 1e12:
        raise Refused("not-a-number", name)
    return value


def whole(form: Form, name: str) -> int | None:
    """A whole number; None for nothing."""
    value = number(form, name)
    if value is not None and value != int(value):
        raise Refused("not-whole", name)
    return None if value is None else int(value)


def posted_key(form: Form) -> str:
    """The key that the server gave the form."""
    key = text(form, "key", most=MOST_KEY)
    if not key:
        raise Refused("stale")
    return key


def step_of(key: str) -> str:
    """The decision that a form's key belongs to; empty where the form may be sent at any time."""
    return key.partition("~")[0]


def options(form: Form, name: str) -> list[str] | None:
    """The options picked of a package, one field per issue; None when there are none at all."""
    found: list[str] = []
    while f"{name}-{len(found)}" in form and len(found) < 100:
        found.append(text(form, f"{name}-{len(found)}", most=20))
    if found and "" in found:
        if not any(found):
            return None
        raise Refused("incomplete", f"{name}-{found.index('')}")
    return found or None


def _entered(form: Form) -> Move:
    if text(form, "agreed") == "no":
        return {"agreed": False}
    package = options(form, "option")
    if package is None:
        raise Refused("incomplete", "option-0")
    first = options(form, "first")
    if first is None:
        return {"options": package}
    by = text(form, "first_offer_by", most=10)
    if not by:
        raise Refused("first-offer-by", "first_offer_by")
    return {"options": package, "first_offer": first, "first_offer_by": by}


def _offer(form: Form) -> Move:
    package = options(form, "option")
    if package is None:
        raise Refused("incomplete", "option-0")
    return {"options": package}


def _deliver(form: Form) -> Move:
    effort = number(form, "effort")
    if effort is None:
        raise Refused("choose", "effort")
    invest = number(form, "invest")
    return {"effort": effort} | ({} if invest is None else {"invest": invest})


def _needed(name: str) -> Callable[[Form], Move]:
    def read(form: Form) -> Move:
        value = number(form, name)
        if value is None:
            raise Refused("choose", name)
        return {name: int(value) if value == int(value) else value}

    return read


def _yes(name: str) -> Callable[[Form], Move]:
    def read(form: Form) -> Move:
        said = text(form, name, most=5)
        if said not in ("yes", "no"):
            raise Refused("choose", name)
        return {name: said == "yes"}

    return read


def _maybe(name: str) -> Callable[[Form], Move]:
    def read(form: Form) -> Move:
        value = whole(form, name)
        return {} if value is None else {name: value}

    return read


def _marks(form: Form) -> Move:
    marks = {name.removeprefix("mark-"): whole(form, name) or 0 for name in list(form)[:60] if name.startswith("mark-")}
    return {"marks": marks, "note": text(form, "note"), **_maybe("pair")(form)}


def _answers(form: Form) -> Move:
    given = {name.removeprefix("bet-"): number(form, name) for name in list(form)[:20] if name.startswith("bet-")}
    return {"answers": {name: value for name, value in given.items() if value is not None}}


def _numbers(*names: str) -> Callable[[Form], Move]:
    return lambda form: {name: number(form, name) for name in names}


def _texts(*names: str) -> Callable[[Form], Move]:
    return lambda form: {name: text(form, name, most=200) for name in names}


def _again(form: Form) -> Move:
    return {"answer": whole(form, "answer")}


SEAT_FORMS: dict[str, Callable[[Form], Move]] = {
    "rename": _texts("name"),
    "return": _numbers(),
    "take-over": _numbers(),
    "prepare": _numbers("outside", "target", "first_offer", "guess"),
    "bid": _needed("bid"),
    "go-on": _texts("as"),
    "enter": _entered,
    "take-back": _numbers(),
    "confirm": _yes("agrees"),
    "offer": _offer,
    "accept": _needed("offer"),
    "stop": _numbers(),
    "choose": _needed("posture"),
    "deliver": _deliver,
    "again": _again,
    "renew": _yes("stays"),
    "bet": _answers,
    "watch": _maybe("pair"),
    "observe": _marks,
}


def _advance(form: Form) -> Move:
    return {"to": text(form, "to", most=40), "from": text(form, "from", most=100)}


def _plan(form: Form) -> Move:
    return {
        "periods": whole(form, "periods"),
        "minutes": number(form, "minutes"),
        **{name: text(form, name, most=20) for name in ("ends", "partners", "after_leaving", "mode", "contest")},
    }


def _deadline(form: Form) -> Move:
    if text(form, "off", most=5) == "yes":
        return {"off": True}
    return {"minutes": number(form, "minutes"), "hard": text(form, "hard", most=5) == "yes"}


def _period(form: Form) -> Move:
    found: Move = {"pair": whole(form, "pair")}
    if text(form, "agreed", most=5) == "no":
        found["agreed"] = False
    else:
        package = options(form, "option")
        if package is not None:
            found["options"] = package
    first = options(form, "first")
    if first is not None:
        found |= {"first_offer": first, "first_offer_by": text(form, "first_offer_by", most=10)}
    for side in ("vendor", "client"):
        for name in ("effort", "posture", "invest", "again"):
            value = number(form, f"{side}_{name}")
            if value is not None:
                found[f"{side}_{name}"] = int(value) if name in ("posture", "again") else value
        stays = text(form, f"{side}_stays", most=5)
        if stays:
            found[f"{side}_stays"] = stays == "yes"
    return found


TRAINER_FORMS: dict[str, Callable[[Form], Move]] = {
    "advance": _advance,
    "plan": _plan,
    "expect": _maybe("count"),
    "deadline": _deadline,
    "close": _maybe("pair"),
    "seat-agent": _texts("seat", "agent"),
    "seat-person": _texts("seat"),
    "remove": _texts("seat"),
    "add-seats": _maybe("count"),
    "enter-period": _period,
    "reveal": _texts("step"),
    "names": lambda form: {"shown": text(form, "shown", most=5) == "yes"},
}

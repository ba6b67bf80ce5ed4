"""Turning views into pages: the templates, what all of them can use, and QR codes."""

from __future__ import annotations

import hashlib
import math
import time
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import segno
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from simulator.markup import number
from simulator.reports.plots.words import first_upper
from simulator.workshop.debrief.charts.look import css as chart_colours
from simulator.workshop.words import words

if TYPE_CHECKING:
    from starlette.requests import Request

    from simulator.workshop.views import DealView, IssueView, OfferView, SheetView

__all__ = ["TYPES", "asset", "money", "page", "qr", "qr_picture", "static"]

TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}


def money(value: float | None) -> str:
    """An amount for people: as many digits as it has, two at most, and a true minus.

    Examples
    --------
    >>> money(1234.5), money(-3), money(None), money(38.8499999)
    ('1,234.5', '−3', '–', '38.85')
    """
    if value is None:
        return "–"
    digits = next((d for d in range(2) if math.isclose(round(value, d), value, abs_tol=0.005)), 2)
    return number(value, digits)


def terms(sheet: SheetView, deal: DealView) -> str:
    """A package in one line: each issue with its option."""
    return ", ".join(f"{issue.name} {label}" for issue, label in zip(sheet.issues, deal.labels, strict=True))


def qr_picture(address: str) -> str:
    """A QR code of an address as an SVG picture."""
    drawn = segno.make(address, error="m", micro=False)
    return str(
        drawn.svg_inline(scale=4, border=2, omitsize=True, dark="#000", light="#fff", svgclass=None, lineclass=None)
    )


def start_of(standing: OfferView | None) -> dict[str, str]:
    """What a counter-offer starts from: the offer that stands."""
    return {f"option-{place}": str(number_) for place, number_ in enumerate(standing.deal.options)} if standing else {}


@cache
def qr(address: str) -> Markup:
    """A QR code of one of the workshop's own addresses within a page."""
    name = words()("qr", address=address.partition("://")[2])
    return Markup('<span class="qr" role="img" aria-label="{}">{}</span>').format(name, Markup(qr_picture(address)))


@lru_cache(maxsize=2048)
def choices(issue: IssueView, picked: str, *, worths: bool) -> Markup:
    """The options of an issue for a list to choose from, each with its worth to this side where it is asked for."""
    lines = [Markup('<option value="">{}</option>').format(words()("form.pick"))]
    for number_, (label, worth) in enumerate(zip(issue.options, issue.worths, strict=True)):
        own = Markup(' data-worth="{}"').format(worth) if worths else ""
        chosen = Markup(" selected") if picked == str(number_) else ""
        lines.append(Markup('<option value="{}"{}{}>{}</option>').format(number_, own, chosen, label))
    return Markup("\n").join(lines)


@lru_cache(maxsize=256)
def confidential(sheet: SheetView, currency: str) -> Markup:
    """The confidential sheet of a side: the same for all who sit there, so made once for each."""
    return Markup(_templates().get_template("sheet-part.html").render(s=sheet, currency=currency))


@cache
def static(name: str) -> bytes:
    """The content of an asset of ours; the style sheet also has the colours of the charts."""
    content = (files("simulator.workshop.web") / "static" / name).read_bytes()
    return content + chart_colours().encode() if name.endswith(".css") else content


@cache
def asset(name: str) -> str:
    """The address of an asset, which changes with its content, so that browsers may keep it for ever."""
    return f"/static/{hashlib.sha256(static(name)).hexdigest()[:12]}/{name}"


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("simulator.workshop.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(
        t=words(),
        money=money,
        asset=asset,
        qr=qr,
        terms=terms,
        start_of=start_of,
        confidential=confidential,
        choices=choices,
        now=time.time,
        has=words().__contains__,
    )
    environment.filters.update(money=money, first_upper=first_upper)
    return environment


def page(request: Request, template: str, /, *, status: int = 200, **values: Any) -> Response:
    """A page made from a template."""
    text = _templates().get_template(template).render(request=request, **values)
    return HTMLResponse(text, status_code=status)

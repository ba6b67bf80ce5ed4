"""A record as a JSON document, and back: strict, because the file comes from somebody's disk.

Reading refuses what is not exactly a record: unknown or missing keys, wrong types, numbers that are not finite, levels,
postures, deals or reasons that the scenario does not have, periods out of order, notes of pairs or points that there
are not, and files beyond any honest size. Each refusal names the place in the file.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Mapping
from typing import Any

from simulator.bargaining.deals import deal_space
from simulator.errors import SimulatorError
from simulator.relationships.period import REASONS
from simulator.reports.files import as_json
from simulator.runner.loading import checked_document
from simulator.scenario.schema import Scenario
from simulator.workshop.plan import MOST_PERIODS, Plan
from simulator.workshop.record import Bet, Bid, Observation, Pair, Preparation, Record, Turn
from simulator.workshop.room import CHECKLIST

__all__ = ["record_from_json", "record_to_json"]

FORMAT, VERSION = "negsim-workshop", 1
LARGEST = 1e18  # of any amount; a scenario allows less
MOST_BYTES, MOST_PARTS, MOST_TEXT = 50_000_000, 100_000, 1000
SIDES = ("vendor", "client")


def record_to_json(record: Record) -> str:
    """The complete record as JSON text."""
    plain = {field.name: getattr(record, field.name) for field in dataclasses.fields(record)}
    for name in ("pairs", "preparations", "bids", "bets", "observations"):
        plain[name] = [dataclasses.asdict(part) for part in plain[name]]
    plain["scenario"], plain["plan"] = record.scenario.document(), dataclasses.asdict(record.plan)
    return as_json({"format": FORMAT, "version": VERSION, **plain})


def record_from_json(text: str | bytes) -> Record:
    """Read a record from the text that `record_to_json` wrote.

    Raises
    ------
    SimulatorError
        With the first thing that is wrong and where.

    Examples
    --------
    >>> import simulator as ns
    >>> scenario, seats = ns.load_scenario("saas-renewal"), {"a": "Otter"}
    >>> record = Record(scenario, Plan(), "One", "2026-01-01", (), (), (), (), (), seats)
    >>> record_from_json(record_to_json(record)) == record
    True
    """
    found = _parsed(text)
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        raise SimulatorError("the file has a text that is no Unicode") from None
    document = _keys(found, {"format", "version", *(field.name for field in dataclasses.fields(Record))}, "the file")
    if document["format"] != FORMAT or document["version"] != VERSION or isinstance(document["version"], bool):
        raise SimulatorError(f"this is not a workshop's file; allowed: format {FORMAT!r}, version {VERSION}")
    if not isinstance(document["scenario"], dict):
        raise SimulatorError(f"scenario must be a table; got {_shown(document['scenario'])}")
    scenario = checked_document(document["scenario"])
    plan = Plan(**_keys(document["plan"], {field.name for field in dataclasses.fields(Plan)}, "plan"))
    seats = document["seats"]
    if not isinstance(seats, dict):
        raise SimulatorError(f"seats must be a table of names; got {_shown(seats)}")
    record = Record(
        scenario=scenario,
        plan=plan,
        title=_text(document["title"], "title"),
        held=_text(document["held"], "held"),
        pairs=tuple(_pair(part, f"pairs[{k}]") for k, part in enumerate(_list(document["pairs"], "pairs"))),
        preparations=_parts(Preparation, document["preparations"], "preparations"),
        bids=_parts(Bid, document["bids"], "bids"),
        bets=_parts(Bet, document["bets"], "bets"),
        observations=_parts(Observation, document["observations"], "observations"),
        seats={_text(seat, "seats"): _text(name, f"seats.{seat[:40]}") for seat, name in seats.items()},
    )
    _check(record)
    return record


def _parsed(text: str | bytes) -> Any:
    if len(text) > MOST_BYTES:
        raise SimulatorError(f"the file is larger than {MOST_BYTES:,} bytes; no workshop is")
    try:
        return json.loads(text, parse_constant=_constant, object_pairs_hook=_once)
    except RecursionError:
        raise SimulatorError("the file is nested too deeply to be a workshop's") from None
    except UnicodeDecodeError:
        raise SimulatorError("the file is not UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise SimulatorError(f"the file is no JSON: {error.msg} in line {error.lineno}") from None
    except SimulatorError:
        raise
    except ValueError as error:  # a whole number of thousands of digits
        raise SimulatorError(f"the file has a number that cannot be read: {error}") from None


def _constant(word: str) -> Any:
    raise SimulatorError(f"the file has {word}; only finite numbers are allowed")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise SimulatorError("the file gives a key twice in one table")
    return found


def _keys(value: Any, names: set[str], where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise SimulatorError(f"{where} must be a table; got {_shown(value)}")
    for name in sorted(set(value) ^ names):
        what = f"has no {name!r}" if name in names else f"has an unknown key {name[:60]!r}"
        raise SimulatorError(f"{where} {what}; allowed: {', '.join(sorted(names))}")
    return value


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list) or len(value) > MOST_PARTS:
        raise SimulatorError(f"{where} must be a list of at most {MOST_PARTS:,} entries; got {_shown(value)}")
    return value


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or len(value) > MOST_TEXT:
        raise SimulatorError(f"{where} must be a text of at most {MOST_TEXT} letters; got {_shown(value)}")
    return value


def _parts(kind: type[Any], value: Any, where: str) -> tuple[Any, ...]:
    return tuple(_part(kind, part, f"{where}[{k}]") for k, part in enumerate(_list(value, where)))


def _part(kind: type[Any], value: Any, where: str) -> Any:
    """A dataclass whose fields are plain values of exactly the types that it declares."""
    hints = typing.get_type_hints(kind)
    given = _keys(value, set(hints), where)
    return kind(**{name: _plain(given[name], hint, f"{where}.{name}") for name, hint in hints.items()})


def _plain(value: Any, hint: Any, where: str) -> Any:
    allowed = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    if value is None and type(None) in allowed:
        return None
    if bool in allowed and isinstance(value, bool):
        return value
    if not isinstance(value, bool):
        if int in allowed and isinstance(value, int) and abs(value) <= 1_000_000_000:
            return value
        if float in allowed and isinstance(value, int | float) and abs(value) <= LARGEST:
            return float(value)
        if str in allowed and isinstance(value, str):
            return _text(value, where)
        if any(typing.get_origin(one) is dict for one in allowed) and isinstance(value, dict):
            return value  # a deal or marks, checked below
    names = " or ".join("nothing" if one is type(None) else getattr(one, "__name__", str(one)) for one in allowed)
    raise SimulatorError(f"{where} must be {names}; got {_shown(value)}")


def _pair(value: Any, where: str) -> Pair:
    hints = typing.get_type_hints(Pair)
    given = _keys(value, set(hints), where)
    turns = _parts(Turn, given["turns"], f"{where}.turns")
    rest = {name: _plain(given[name], hint, f"{where}.{name}") for name, hint in hints.items() if name != "turns"}
    return Pair(**rest, turns=turns)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


# -- what the scenario allows ------------------------------------------------------------------------------------------


def _check(record: Record) -> None:
    """Refuse a record that cannot have come about in its scenario."""
    scenario = record.scenario
    space = None if scenario.payoffs is not None else deal_space(scenario)
    numbers = [pair.number for pair in record.pairs]
    _need(len(set(numbers)) == len(numbers), "two pairs have the same number")
    for pair in record.pairs:
        where = f"pair {pair.number}"
        _need(pair.round in (1, 2), f"{where}: the round is {pair.round}; allowed: 1 or 2")
        _need(pair.reason in REASONS, f"{where}: the reason is {_shown(pair.reason)}; allowed: {', '.join(REASONS)}")
        _need(pair.number >= 1, f"{where}: pairs are numbered from 1")
        periods = [turn.period for turn in pair.turns]
        _need(periods == list(range(pair.begun, pair.begun + len(periods))), f"{where}: its periods are not in a row")
        # A trainer may add periods to those of the plan, or shorten the plan before the second round.
        _need(
            not periods or 0 <= pair.begun <= periods[-1] < MOST_PERIODS, f"{where}: more than {MOST_PERIODS} periods"
        )
        for turn in pair.turns:
            _check_turn(scenario, space, turn, f"{where}, period {turn.period + 1}")
    for one in record.preparations:
        _need(one.side in SIDES, f"preparation of seat {_shown(one.seat)}: the side is {_shown(one.side)}")
    _check_observations(record)


def _check_observations(record: Record) -> None:
    rounds = {pair.number: pair.round for pair in record.pairs}
    known: set[tuple[str, int, int | None]] = set()
    for k, seen in enumerate(record.observations):
        where = f"observations[{k}]"
        _need(seen.seat in record.seats, f"{where}: there is no seat {_shown(seen.seat)}")
        _need(seen.round in (1, 2), f"{where}: the round is {seen.round}; allowed: 1 or 2")
        exists = seen.pair is None or rounds.get(seen.pair) == seen.round
        _need(exists, f"{where}: there is no pair {seen.pair} in round {seen.round}")
        _need((seen.seat, seen.round, seen.pair) not in known, f"{where}: this seat has noted this pair already")
        known.add((seen.seat, seen.round, seen.pair))
        for item, count in seen.marks.items():
            _need(item in CHECKLIST, f"{where}.marks: there is no {_shown(item)}; allowed: {', '.join(CHECKLIST)}")
            whole = isinstance(count, int) and not isinstance(count, bool) and 0 <= count <= 99
            _need(whole, f"{where}.marks.{item} is {_shown(count)}; allowed: a whole number from 0 to 99")


def _check_turn(scenario: Scenario, space: Any, turn: Turn, where: str) -> None:
    _need(0 <= turn.level < len(scenario.levels), f"{where}: there is no level {turn.level}")
    for side in SIDES:
        posture, again = getattr(turn, f"{side}_posture"), getattr(turn, f"{side}_again")
        _need(0 <= posture < len(scenario.postures(side)), f"{where}: there is no posture {posture} of the {side}")
        _need(again is None or 1 <= again <= 7, f"{where}: an answer of {again}; allowed: 1 to 7")
        _need(0 <= getattr(turn, f"{side}_effort") <= 1, f"{where}: an effort outside 0 to 1")
    _need(turn.rounds >= 0 and turn.invested >= 0, f"{where}: a number below 0")
    _need(turn.first_offer_by in (None, *SIDES), f"{where}: first_offer_by is {_shown(turn.first_offer_by)}")
    for name, deal in (("deal", turn.deal), ("first offer", turn.first_offer)):
        if deal is not None:
            _need(space is not None, f"{where}: a {name}, although the scenario gives its payoffs directly")
            _check_deal(space, deal, f"{where}, {name}")
    _need(turn.agreed or turn.deal is None, f"{where}: a deal without agreement")
    _need(not turn.agreed or turn.deal is not None or space is None, f"{where}: an agreement without a deal")


def _check_deal(space: Any, deal: Mapping[str, Any], where: str) -> None:
    for option in deal.values():
        _need(isinstance(option, str | int | float) and not isinstance(option, bool), f"{where}: an option is no value")
    try:
        space.index(deal)
    except SimulatorError as error:
        raise SimulatorError(f"{where}: {error}") from None


def _need(holds: bool, otherwise: str) -> None:
    if not holds:
        raise SimulatorError(otherwise)

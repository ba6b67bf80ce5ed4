"""The trainer's moves, deadlines, teams, observers, the console and the wall."""

import pytest

import simulator as ns
from simulator.workshop.automatic import pending
from simulator.workshop.plan import MOST_PERIODS
from simulator.workshop.record import Observation, record_of

BUILD = [6, 1]


def test_one_laptop_the_trainer_enters_each_pairs_period(workshop):
    w = workshop(periods=2)
    w.trainer("add-seats", count="4")
    w.advance("start")
    w.advance("play")
    w.trainer(
        "enter-period", pair=1, options="6,1", first_offer=[12, 1], first_offer_by="vendor",
        vendor_effort="1", client_effort=0, vendor_again=6, client_again="", client_stays="no",
    )  # fmt: skip
    w.trainer("enter-period", pair="2", agreed=False, vendor_again=1)
    assert [w.pair(k).step for k in (1, 2)] == ["ended", "done"]
    turn = record_of(w.room).pairs[0].turns[0]
    assert (turn.vendor_effort, turn.client_effort, turn.vendor_again, turn.client_again) == (1.0, 0.0, 6, None)
    assert turn.first_offer == {"price": 120.0, "support": "priority"}
    assert w.pair(1).reason == "client-left"
    assert w.refused("trainer", "enter-period", pair=2, options=BUILD) == "not-now"
    assert w.room.console(now=w.now).disconnected == ()


def test_one_laptop_with_payoffs_given_directly(workshop):
    w = workshop(ns.load_scenario("prisoners-dilemma").replace({"relationship.churn": 0}), periods=1)
    w.trainer("add-seats", count=2)
    w.advance("start")
    w.advance("play")
    assert w.refused("trainer", "enter-period", pair=1, vendor_posture=0) == "missing"
    w.trainer("enter-period", pair=1, vendor_posture=0, client_posture=1)
    assert record_of(w.room).pairs[0].turns[0].vendor_payoff == 5.0


def test_a_form_with_a_fault_names_the_field_and_changes_nothing(workshop):
    w = workshop()
    w.begin(2)
    assert w.refused("trainer", "enter-period", pair=1, options=BUILD, vendor_effort=1, client_effort=0.3)
    assert w.pair().step == "talk"


def test_the_trainer_moves_for_a_seat(workshop):
    w = workshop()
    w.begin(2)
    w.trainer("enter", seat=w.at("vendor"), options=BUILD)
    w.trainer("confirm", seat=w.at("client"), agrees=True)
    assert w.pair().step == "deliver"
    assert w.refused("trainer", "deliver", seat="s99", effort=1) == "no-such-seat"
    assert w.refused("trainer", "deliver", effort=1) == "no-such-seat"


def test_a_soft_deadline_does_nothing_and_a_hard_one_closes_what_is_open(workshop):
    w = workshop()
    w.begin(6)
    w.agree(BUILD, 2)
    w.do(w.at("vendor", 2), "deliver", effort=0)
    w.do(w.at("vendor", 3), "enter", options=BUILD)
    w.now = w.room.deadline + 1
    assert w.do("clock", "tick") == []
    w.trainer("deadline", hard=True, minutes="1")
    assert w.do("clock", "tick") == []
    w.now += 61
    w.do("clock", "tick")
    assert [w.pair(k).step for k in (1, 2, 3)] == ["done"] * 3
    assert [w.pair(k).turns[0].agreed for k in (1, 2, 3)] == [False, True, False]
    assert w.pair(2).turns[0].effort == {"vendor": 0.0, "client": 1.0}
    assert w.do("clock", "tick") == []
    w.trainer("deadline", off=True)
    assert w.room.deadline is None


def test_going_on_with_open_talks_needs_a_second_word(workshop):
    w = workshop()
    w.begin(2)
    console = w.room.console(now=w.now)
    assert console.next.key == "next-period"
    assert not console.next.ready
    assert console.next.confirm
    assert len(console.next.waiting) == 2
    assert w.refused("trainer", "advance", to="next-period") == "still-open"
    move = dict(console.next.move)
    w.do("trainer", move.pop("kind"), **move, force=True)
    assert w.room.period == 1
    assert w.pair().turns[0].agreed is False
    assert w.refused("trainer", "advance", to="next-period", force=True, **{"from": move["from"]}) == "stale"
    assert w.refused("trainer", "advance", to="close", force=True) == "unknown-choice"


def test_one_pair_can_be_closed(workshop):
    w = workshop()
    w.begin(4)
    w.trainer("close", pair=1)
    assert [w.pair(k).step for k in (1, 2)] == ["done", "talk"]
    assert w.refused("trainer", "close", pair=1) == "not-now"
    w.trainer("close")
    assert w.pair(2).step == "done"


def test_the_plan_can_be_changed_before_the_start_and_its_length_at_any_time(workshop):
    w = workshop(periods=2)
    w.trainer("plan", mode="type", periods="3", partners="")
    w.begin(2)
    assert w.pair().mode == "type"
    assert w.refused("trainer", "plan", mode="talk") == "only-before-the-start"
    w.advance("next-period", force=True)
    assert w.refused("trainer", "plan", periods=1) == "out-of-range"
    w.trainer("plan", periods=2, minutes=9)
    assert w.room.console(now=w.now).next.key == "predict"
    w.advance("next-period", force=True)  # beyond the plan
    assert w.room.period == 2
    assert w.room.console(now=w.now).periods == 3  # never "period 3 of 2"


def test_a_period_beyond_a_known_end_is_counted_as_the_last_one(workshop):
    w = workshop(periods=1, ends="known")
    (seat, _) = w.begin(2)
    w.advance("next-period", force=True)
    assert [w.room.view(seat).periods, w.room.projector().periods] == [2, 2]


def test_the_wall_asks_to_renew_only_where_people_are_asked(workshop):
    for asked, plan in ((True, {}), (False, {"partners": "new"}), (False, {"periods": 1, "ends": "known"})):
        w = workshop(**plan)
        w.begin(2)
        assert w.room.projector().asks_stay == asked


def test_nobody_bets_on_break_ups_where_nobody_could_leave(workshop):
    for asked, plan in ((True, {}), (False, {"partners": "new"})):
        w = workshop(**plan)
        (seat, _) = w.begin(2)
        w.advance("next-period", force=True)
        w.advance("predict", force=True)
        assert ("ended" in [question.key for question in w.room.view(seat).questions]) == asked


def test_no_round_is_longer_than_a_record_may_be(workshop):
    w = workshop(periods=MOST_PERIODS)
    w.begin(2)
    for _ in range(MOST_PERIODS - 1):
        w.advance("next-period", force=True)
    assert w.refused("trainer", "advance", to="next-period") == "unknown-choice"
    w.advance("debrief", force=True)
    assert w.refused("trainer", "advance", to="next-period") == "unknown-choice"


def test_nobody_can_start_alone(workshop):
    w = workshop()
    w.join(1, role="observer")
    assert w.refused("trainer", "advance", to="start") == "nobody-here"


def test_teams_one_device_drives_and_another_can_take_over(workshop):
    w = workshop()
    (first,) = w.join(1, device="d1")
    (second,) = w.join(1, device="d2")
    w.do(first, "join-team", device="d3")
    assert w.do(first, "join-team", device="d3") == []
    w.advance("start")
    assert w.refused(first, "prepare", device="d3") == "not-driver"
    assert w.refused(first, "prepare", device="d2") == "not-driver"
    assert w.refused(first, "take-over", device="d2") == "unknown-device"
    assert not w.room.view(first, device="d3").acts
    w.do(first, "take-over", device="d3")
    assert w.room.view(first, device="d3").acts
    w.do(first, "prepare", device="d3", target=1)
    assert w.refused(first, "prepare", device="d1") == "not-driver"
    assert w.room.view(first).devices == 2
    assert w.refused(second, "join-team", device="no/such") == "unknown-device"


def test_observers_have_a_checklist_and_no_pair(workshop):
    w = workshop()
    (watcher,) = w.join(1, role="observer")
    w.begin(2)
    view = w.room.view(watcher)
    assert (view.step, view.sheet, view.pair, view.pairs) == ("observe", None, None, (1,))
    w.do(watcher, "observe", pair="1", marks={"question": "3"}, note="x")
    key = w.room.view(watcher).step_key
    assert w.refused(watcher, "observe", pair=9) == "no-such-pair"
    assert w.refused(watcher, "observe", marks={"threat": 100}) == "out-of-range"
    assert w.refused(watcher, "observe", note="x" * 501) == "text-too-long"
    assert w.refused(watcher, "watch", pair=9) == "no-such-pair"
    assert w.refused(w.at("vendor"), "watch", pair=1) == "not-now"
    w.do(watcher, "observe", note="again", key=key)
    assert w.room.view(watcher).step_key != key
    assert w.refused(watcher, "observe", note="once more", key=key) == "stale"
    assert w.refused(watcher, "enter", options=BUILD) == "not-now"


def noted(w, seat):
    """What a seat has open: the pair, its counts, its note."""
    found = w.room.view(seat).checklist
    return (found.pair, found.marks, found.note) if found.open else None


def test_notes_are_kept_pair_by_pair(workshop):
    w = workshop()
    (watcher,) = w.join(1, role="observer")
    w.begin(4)
    assert noted(w, watcher) is None
    w.do(watcher, "watch", pair=1)
    assert noted(w, watcher) == (1, {}, "")
    w.do(watcher, "observe", pair=1, marks={"question": 3, "threat": 0}, note="One.")
    assert noted(w, watcher) == (1, {"question": 3}, "One.")
    w.do(watcher, "watch", pair=2)
    assert noted(w, watcher) == (2, {}, "")  # nothing of the first pair
    w.do(watcher, "observe", pair=2, marks={"silence": 1})
    w.do(watcher, "watch")
    w.do(watcher, "observe", note="All of them shout.")
    assert noted(w, watcher) == (None, {}, "All of them shout.")
    w.do(watcher, "watch", pair=1)
    assert noted(w, watcher) == (1, {"question": 3}, "One.")
    assert w.do(watcher, "watch", pair=1) == []
    w.do(watcher, "observe", pair=1, marks={"question": 5}, note="One, again.")
    assert w.room.view(watcher).checklist.noted == (1, 2, None)
    assert record_of(w.room).observations == (
        Observation(watcher, 1, 1, {"question": 5}, "One, again."),
        Observation(watcher, 1, 2, {"silence": 1}, ""),
        Observation(watcher, 1, None, {}, "All of them shout."),
    )
    assert record_of(w.replayed()) == record_of(w.room)


def test_notes_that_are_emptied_are_gone(workshop):
    w = workshop()
    (watcher,) = w.join(1, role="observer")
    w.begin(2)
    w.do(watcher, "observe", pair=1, marks={"question": 3})
    w.do(watcher, "observe", pair=1, marks={"question": 0})
    assert noted(w, watcher) == (1, {}, "")
    assert w.room.view(watcher).checklist.noted == ()
    assert record_of(w.room).observations == ()
    assert record_of(w.replayed()) == record_of(w.room)


def test_what_an_observer_is_writing_survives_the_next_period_and_the_second_round_begins_anew(workshop):
    w = workshop(periods=2)
    (watcher,) = w.join(1, role="observer")
    w.begin(2)
    w.do(watcher, "watch", pair=1)
    key = w.room.view(watcher).step_key
    w.advance("next-period", force=True)
    w.do(watcher, "observe", pair=1, note="Begun in the period before.", key=key)
    w.advance("debrief", force=True)
    assert w.refused(watcher, "observe", pair=1) == "not-now"
    assert w.refused(watcher, "watch", pair=1) == "not-now"
    w.advance("second-round")
    w.advance("play", force=True)
    assert noted(w, watcher) is None
    assert w.room.view(watcher).checklist.noted == ()
    assert w.refused(watcher, "observe", pair=1) == "no-such-pair"
    w.do(watcher, "observe", pair=2, note="Sides swapped.")
    assert [(one.round, one.pair) for one in record_of(w.room).observations] == [(1, 1), (2, 2)]
    assert record_of(w.replayed()) == record_of(w.room)


def test_names_are_given_or_made_unique(workshop):
    w = workshop()
    seats = w.join(3, name="Ann") + w.join(30)
    names = [w.room.seats[seat].name for seat in seats]
    assert names[:3] == ["Ann", "Ann 2", "Ann 3"]
    assert len(set(names)) == 33
    w.do(seats[0], "rename", name=" ann 2 ")
    assert w.room.seats[seats[0]].name == "ann 2 2"
    assert w.refused(seats[0], "rename", name=" ") == "missing"
    assert w.refused("new", "join", role="boss") == "unknown-choice"
    assert w.refused("new", "advance", to="start") == "unknown-move"


def test_the_console_says_who_is_idle_disconnected_and_stuck(workshop):
    w = workshop(minutes=1)
    w.join(1, device="a")
    w.join(1, device="b")
    console = w.room.console(now=w.now, seen={"s1": w.now})
    assert console.disconnected == ("s2",)
    w.advance("start")
    w.advance("play")
    w.agree(BUILD)
    assert w.room.console(now=w.now + 59).stuck == ()
    late = w.room.console(now=w.now + 61, seen={"s1": w.now + 60, "s2": w.now})
    assert late.stuck == (1,)
    assert set(late.idle) == {"s1", "s2"}
    assert late.pairs[0].waiting_for == (w.at("vendor"), w.at("client"))
    assert late.disconnected == ("s2",)
    assert (late.done, late.active) == (0, 1)


def test_the_console_shows_the_remedies_a_minute_after_the_code(workshop):
    w = workshop()
    assert not w.room.console(now=50, opened=0).remedies
    assert w.room.console(now=61, opened=0).remedies
    w.join(1)
    assert not w.room.console(now=61, opened=0).remedies


def test_the_wall_shows_names_only_when_asked_and_reveals_only_in_the_debrief(workshop):
    w = workshop()
    w.join(2)
    assert w.room.projector().names == ()
    w.trainer("names", shown="on")
    assert len(w.room.projector().names) == 2
    assert w.refused("trainer", "reveal", step="deals") == "not-now"
    w.advance("start")
    w.advance("play")
    w.advance("debrief", force=True)
    assert w.room.projector().reveal is None
    w.trainer("reveal", step="captured")
    w.trainer("reveal", step="loss")
    w.trainer("reveal", step="captured")
    assert w.room.projector().reveals == ("loss", "captured")
    assert w.refused("trainer", "reveal", step="rounds") == "unknown-choice"


def test_versions_grow_for_those_who_see_the_change(workshop):
    w = workshop()
    w.begin(4)
    before = {who: w.room.version_of(who) for who in ("s1", "s2", "s3", "s4", "trainer", "projector")}
    w.do(w.at("vendor", 1), "enter", options=BUILD)
    after = {who: w.room.version_of(who) for who in before}
    changed = {who for who in before if after[who] > before[who]}
    assert changed == {*w.pair(1).seats, "trainer"}
    assert pending(w.room) == []


@pytest.mark.parametrize("kind", ["sing", "", None, 7])
def test_what_is_no_move_is_refused(workshop, kind):
    w = workshop()
    assert w.refused("trainer", kind) == "unknown-move"
    assert w.refused("nobody", "prepare") == "no-such-seat"


def test_the_worth_of_a_package_is_shown_to_its_seat_alone(workshop):
    from simulator.workshop.refusal import Refused

    w = workshop()
    w.join(2)
    with pytest.raises(Refused):
        w.room.worth("s1", BUILD)
    w.advance("start")
    assert w.room.worth(w.at("vendor"), ["6", "1"]) == 36.0
    assert w.room.worth(w.at("client"), "6,1") == 36.0
    with pytest.raises(Refused, match="no-such-option"):
        w.room.worth("s1", [99, 0])


def test_from_the_debrief_there_is_a_way_back_into_play(workshop):
    w = workshop(periods=1)
    w.begin(2)
    w.agree(BUILD)
    w.deliver()
    w.answer()
    w.advance("debrief")
    w.advance("reveal")
    w.advance("next-period")
    assert (w.room.phase, w.room.period, w.room.revealed) == ("play", 1, [])
    w.agree(BUILD)
    w.advance("predict", force=True)
    w.advance("next-period")
    assert w.step(w.at("vendor")) == "talk"
    assert [turn.period for turn in record_of(w.room).pairs[0].turns] == [0, 1]


def test_everybody_is_waited_for_who_may_bet(workshop):
    w = workshop(periods=1)
    people = [*w.join(2), *w.join(1, role="observer")]
    w.advance("start")
    w.advance("play", force=True)
    w.advance("predict", force=True)
    for left, seat in zip((2, 1, 0), people, strict=True):
        w.do(seat, "bet", answers={})
        console = w.room.console(now=w.now, seen={}, opened=None)
        assert (len(console.next.waiting), console.bets_expected - console.bets_in) == (left, left)
        assert console.next.ready == (left == 0)

"""The core loop without script: plain forms, answered by whole pages."""


def test_two_people_and_a_trainer_without_script_get_from_joining_to_their_sheets(house):
    house = house(periods=2)
    phones = [house.phone(java_script_enabled=False).join(name) for name in ("Ann", "Bob")]
    trainer = house.trainer(java_script_enabled=False)

    def play_on():
        rested = 0
        while rested < 2:
            acted = False
            for phone in phones:
                phone.page.reload()
                acted = phone.act() or acted
            rested = 0 if acted else rested + 1

    for to in ("start", "play", "next-period", "predict", "debrief"):
        trainer.look().advance(to)
        play_on()
    for phone in phones:
        assert phone.page.locator(".own-sheet").first.is_visible()
    record = trainer.context.request.get(f"{house.server.home}/console/{house.server.code}/export/json").json()
    assert [len(pair["turns"]) for pair in record["pairs"]] == [2]


def test_without_script_a_fault_is_said_at_its_field_and_what_was_typed_stays(house):
    house = house()
    phones = [house.phone(java_script_enabled=False).join(name) for name in ("Ann", "Bob")]
    house.trainer().advance("start")
    ann = phones[0]
    ann.page.reload()
    ann.page.locator("#target").fill("a lot")
    ann.page.locator("#outside").fill("24")
    ann.tap(ann.form("prepare"))
    wrong = ann.page.locator("[aria-invalid=true]")
    assert wrong.get_attribute("id") == "target"
    assert wrong.input_value() == "a lot"
    assert ann.page.locator("#outside").input_value() == "24"
    assert ann.page.locator(f"#{wrong.get_attribute('aria-describedby').split()[0]}").is_visible()

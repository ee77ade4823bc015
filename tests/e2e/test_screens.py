"""The screens in two real browsers at once, both languages, both themes, wide and narrow, with axe on every one."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browser import Watched, browser
from tests.e2e.screens import AgentDesk, Customer
from tests.e2e.server import Server

ANN = "ann@demo.local"
COVERS_BELOW = 480
ENTER_WHILE_COMPOSING = """field => field.dispatchEvent(
  new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, isComposing: true, keyCode: 229}))"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


def person(chromium: Browser, name: str, language: str = "en-US", width: int = 1280) -> Watched:
    context = chromium.new_context(
        locale=language, viewport={"width": width, "height": 720}, reduced_motion="reduce"
    )
    return Watched(context, name)


def test_wrong_credentials_are_said_and_the_address_stays(server: Server, chromium: Browser) -> None:
    for language, words in (("en-US", "password is wrong"), ("zh-CN", "密码错误")):
        watched = person(chromium, f"sign-in-{language}", language)
        desk = AgentDesk(watched, watched.page(f"{server.address}/console/"))
        desk.look("empty")
        desk.signs_in(ANN, "not the password")
        expect(desk.find("[role=alert]")).to_contain_text(words)
        expect(desk.find("input[name=email]")).to_have_value(ANN)
        desk.look("refused")
        assert desk.complaints() == []


@pytest.mark.parametrize(
    ("language", "width", "filed_as"),
    [("en-US", 1280, "Filed as Damaged or missing"), ("zh-CN", 360, "已归档为：破损或缺件")],
)
def test_a_conversation_from_the_first_word_to_the_record(
    server: Server, chromium: Browser, language: str, width: int, filed_as: str
) -> None:
    ann = AgentDesk.signed_in(person(chromium, f"ann-{language}", language, width), server.address, ANN)
    ann.look("nothing-yet")
    cleo = Customer.at(person(chromium, f"cleo-{language}", language, width), server.address)
    cleo.opens()
    cleo.look("categories")
    cleo.chooses(0)
    cleo.look("first-words")
    _they_talk(ann, cleo)
    _the_server_is_killed_and_both_go_on(server, ann, cleo)
    number = ann.number()
    _ann_ends_and_files(ann, cleo)

    ann.page.goto(f"{server.address}/console/#/records")
    ann.find(".records-number").fill(number.replace("-", "").lower()[:5])
    ann.look("found")
    ann.find(".records .row").click()
    expect(ann.find(".record-facts")).to_contain_text("Sent again by express.")
    expect(ann.find(".record")).to_contain_text(filed_as)
    ann.look("record")

    cleo.page.reload()
    if width < COVERS_BELOW:
        cleo.launcher.click()  # where it covers the whole page it does not open by itself
    cleo.reads("Where is my order?")
    cleo.find(".choices button").nth(1).click()
    cleo.says("One more thing")
    ann.page.goto(f"{server.address}/console/#/inbox")
    ann.opens_first()
    ann.reads("One more thing")
    ann.reads("Where is my order?")
    cleo.reads("One more thing")
    cleo.reads("Where is my order?")
    cleo.look("came-back")
    assert ann.complaints() == []
    assert cleo.complaints() == []


def _they_talk(ann: AgentDesk, cleo: Customer) -> None:
    cleo.says("Where is my order?")
    expect(ann.find(".list .row")).to_have_count(1)
    expect(cleo.mark_of_last()).to_have_attribute("data-reached", "delivered")
    ann.look("assigned")
    ann.opens_first()
    ann.reads("Where is my order?")
    expect(cleo.mark_of_last()).to_have_attribute("data-reached", "read")
    ann.field.press_sequentially("One mo")
    expect(cleo.find(".typing")).to_be_visible()
    cleo.look("agent-types")
    ann.says("One moment, I look it up.")
    cleo.reads("One moment, I look it up.")
    cleo.field.press_sequentially("Thanks")
    expect(ann.find(".log .typing")).to_be_visible()
    ann.look("customer-types")


def _the_server_is_killed_and_both_go_on(server: Server, ann: AgentDesk, cleo: Customer) -> None:
    server.kill()
    cleo.says("Thanks, written in the dark")
    ann.says("It left the depot this morning.")
    server.start()
    ann.reads("Thanks, written in the dark")
    cleo.reads("It left the depot this morning.")
    assert sorted(cleo.texts()) == sorted(set(cleo.texts()))
    expect(ann.find(".said[data-state=pending]")).to_have_count(0)
    expect(cleo.find("[data-state=pending]")).to_have_count(0)
    assert cleo.texts() == ann.texts()


def _ann_ends_and_files(ann: AgentDesk, cleo: Customer) -> None:
    ann.find(".tabs button").nth(1).click()
    ann.says("A note that only colleagues read")
    ann.reads("A note that only colleagues read")
    ann.look("with-a-note")
    ann.ends()
    expect(cleo.find(".foot .ended")).to_be_visible()
    cleo.look("ended")
    assert "A note that only colleagues read" not in cleo.texts()
    ann.find(".filing .choice").nth(2).click()
    expect(ann.find(".filing-acts [data-kind=primary]")).to_be_disabled()
    ann.look("asks-for-a-note")
    ann.find(".filing textarea").fill("Sent again by express.")
    ann.page.keyboard.press("Control+Enter")
    expect(ann.find(".filing")).to_have_count(0)


def test_a_second_tab_shows_the_same_and_writes_into_the_same_talk(server: Server, chromium: Browser) -> None:
    ann = AgentDesk.signed_in(person(chromium, "ann-tabs"), server.address, ANN)
    cleo = Customer.at(person(chromium, "cleo-tabs"), server.address)
    cleo.opens()
    cleo.chooses(0)
    cleo.says("From the first tab")
    other_cleo = Customer.at(cleo.watched, server.address)
    other_cleo.launcher.click()
    other_cleo.reads("From the first tab")
    ann.opens_first()
    other_ann = AgentDesk(ann.watched, ann.watched.page(f"{server.address}/console/"))
    other_ann.opens_first()

    other_cleo.says("From the second")
    other_ann.reads("From the second")
    other_ann.says("Answered from the second")
    for screen in (cleo, other_cleo, ann, other_ann):
        screen.reads("Answered from the second")
        assert screen.texts() == ["From the first tab", "From the second", "Answered from the second"]


def test_words_that_come_too_late_are_kept_and_can_be_sent_again(server: Server, chromium: Browser) -> None:
    ann = AgentDesk.signed_in(person(chromium, "ann-late"), server.address, ANN)
    cleo = Customer.at(person(chromium, "cleo-late"), server.address)
    cleo.opens()
    cleo.chooses(0)
    cleo.says("Hello?")
    ann.opens_first()
    ann.reads("Hello?")
    expect(cleo.find(".reached")).to_be_visible()
    cut = cleo.page.context
    cut.route("**/v1/**", lambda route: route.abort())
    server.kill()
    cleo.says("Too late")
    server.start()
    ann.is_connected()
    ann.ends()
    cut.unroute("**/v1/**")

    expect(cleo.find(".refused")).to_contain_text("Not sent: the conversation has ended")
    cleo.look("refused")
    cleo.find(".refused button").first.click()
    expect(cleo.find(".refused")).to_have_count(0)
    ann.reads("Too late")
    assert cleo.texts() == ["Hello?", "Too late"]


def test_what_is_too_long_is_said_and_stays_in_the_field(server: Server, chromium: Browser) -> None:
    ann = AgentDesk.signed_in(person(chromium, "ann-long"), server.address, ANN)
    cleo = Customer.at(person(chromium, "cleo-long"), server.address)
    cleo.opens()
    cleo.chooses(0)
    cleo.says("x" * 5_003)
    expect(cleo.find(".counter")).to_have_text("3 characters too many")
    expect(cleo.field).to_have_value("x" * 5_003)
    cleo.look("too-long")
    cleo.says("Hello?")
    ann.opens_first()
    ann.says("y" * 5_001)
    expect(ann.find(".reply-hint")).to_have_text("1 character too many")
    expect(ann.field).to_have_value("y" * 5_001)
    ann.look("too-long")


def test_the_keyboard_alone_is_enough_and_escape_closes_the_innermost(
    server: Server, chromium: Browser
) -> None:
    ann = AgentDesk.signed_in(person(chromium, "ann-keys"), server.address, ANN)
    cleo = Customer.at(person(chromium, "cleo-keys"), server.address)
    keys = cleo.page.keyboard
    cleo.launcher.focus()
    keys.press("Enter")
    expect(cleo.find("#choose")).to_be_focused()
    keys.press("Tab")
    keys.press("Enter")
    expect(cleo.field).to_be_focused()
    keys.type("Hello?")
    cleo.field.evaluate(ENTER_WHILE_COMPOSING)
    expect(cleo.field).to_have_value("Hello?")
    keys.press("Enter")

    expect(ann.find(".list .row")).to_have_count(1)
    ann.page.keyboard.press("Alt+1")
    expect(ann.field).to_be_focused()
    ann.page.keyboard.type("Good day")
    ann.field.evaluate(ENTER_WHILE_COMPOSING)
    expect(ann.field).to_have_value("Good day")
    ann.page.keyboard.press("Enter")
    cleo.reads("Good day")

    menu = cleo.find(".head .popup > button")
    menu.focus()
    keys.press("Enter")
    cleo.look("menu")
    keys.press("Tab")
    keys.press("Enter")
    expect(cleo.find("dialog")).to_be_visible()
    cleo.look("asks-before-the-end")
    keys.press("Escape")
    expect(cleo.find("dialog")).to_have_count(0)
    expect(menu).to_be_focused()
    keys.press("Escape")
    expect(cleo.launcher).to_be_focused()
    expect(cleo.launcher).to_have_attribute("aria-expanded", "false")

    ann.page.keyboard.press("Alt+e")
    expect(ann.find(".ask [data-kind=danger]")).to_be_focused()
    ann.look("asks-before-the-end")
    ann.page.keyboard.press("Enter")
    expect(ann.find(".filing .choice").first).to_be_visible()
    ann.page.keyboard.press("4")
    ann.page.keyboard.press("Control+Enter")
    expect(ann.find(".filing")).to_have_count(0)


def test_what_opens_over_the_console_holds_nothing_at_fault(server: Server, chromium: Browser) -> None:
    for language in ("en-US", "zh-CN"):
        ann = AgentDesk.signed_in(person(chromium, f"over-{language}", language), server.address, ANN)
        for name, opener in (("status", ".status"), ("theme", ".top-switches .square"), ("me", ".me")):
            ann.find(opener).click()
            ann.look(name)
            ann.page.keyboard.press("Escape")
        ann.find(".status").click()
        ann.find(".status-item").nth(2).click()
        expect(ann.find("dialog")).to_be_visible()
        ann.look("break")
        ann.page.keyboard.press("Escape")
        for name, key in (("palette", "Control+k"), ("keys", "?")):
            ann.find("body").press(key)
            expect(ann.find("dialog")).to_be_visible()
            ann.look(name)
            ann.page.keyboard.press("Escape")
            expect(ann.find("dialog")).to_have_count(0)
        assert ann.complaints() == []

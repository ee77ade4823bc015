"""What a desk does beside talking: handing on, helping along, acting on many, answering later, and what admins keep."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browser import Watched, browser
from tests.e2e.people import Person, agent, customer
from tests.e2e.screens import AgentDesk, Customer
from tests.e2e.server import OWNER, Server

ANN, BOB, SUE = "ann@demo.local", "bob@demo.local", "sue@demo.local"
TEAM = "section[aria-label=Team]"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


def person(chromium: Browser, name: str, language: str = "en-US", width: int = 1280) -> Watched:
    context = chromium.new_context(
        locale=language, viewport={"width": width, "height": 720}, reduced_motion="reduce"
    )
    return Watched(context, name)


def asks(server: Server, text: str) -> Person:
    cleo = customer(server.address)
    cleo.connect()
    assert cleo.ask("start_session", category_id="orders", text=text)["type"] == "accepted"
    return cleo


def owner(server: Server) -> Person:
    return agent(server.address, *OWNER)


def test_a_talk_handed_on_comes_back_when_declined_and_goes_on_when_accepted(
    server: Server, chromium: Browser
) -> None:
    answer = {"code": "thx", "title": "Thanks", "text": "Thank you, {customer.name}!", "scope": "global"}
    owner(server).rest("POST", "/v1/canned-answers", answer).raise_for_status()
    bob = AgentDesk.signed_in(person(chromium, "bob-hands-on"), server.address, BOB)
    cleo = asks(server, "My stove hisses")
    bob.opens_first()
    ann = AgentDesk.signed_in(person(chromium, "ann-takes-on"), server.address, ANN)

    _hands_on(bob, "Ann", "Knows stoves")
    expect(ann.find(".offer")).to_contain_text("Knows stoves")
    ann.look("an-offer")
    ann.find(".offer .db-button").first.click()
    expect(bob.find(".thread .held")).to_have_count(0)
    expect(ann.find(".offer")).to_have_count(0)
    bob.find("body").press("Alt+t")
    expect(bob.find(".target").filter(has_text="Ann").locator("input")).to_be_disabled()
    bob.find(".transfer-kinds input").nth(1).check()
    expect(bob.find(".target").first).to_be_visible()
    bob.look("to-a-queue")
    bob.page.keyboard.press("Escape")

    bob.field.press_sequentially("/th")
    expect(bob.find(".answer")).to_contain_text("/thx")
    bob.look("a-canned-answer")
    bob.page.keyboard.press("Enter")
    expect(bob.field).to_have_value("Thank you, " + bob.find(".thread-who h2 span").first.inner_text() + "!")
    assert bob.complaints() == ann.complaints() == []
    cleo.drop()


def _hands_on(bob: AgentDesk, to: str, comment: str) -> None:
    bob.find("body").press("Alt+t")
    bob.find(".target").filter(has_text=to).locator("input").check()
    bob.find(".transfer textarea").fill(comment)
    bob.look("transfer")
    bob.find(".transfer [data-kind=primary]").click()
    expect(bob.find(".thread .held")).to_contain_text(to)


def test_a_supervisor_watches_whispers_acts_on_many_and_sees_the_board(
    server: Server, chromium: Browser
) -> None:
    bob = AgentDesk.signed_in(person(chromium, "bob-watched"), server.address, BOB)
    people = [asks(server, text) for text in ("Where is my parcel?", "It rattles", "No reply yet?")]
    bob.find(".list .row").filter(has_text="parcel").click()
    sue = AgentDesk.signed_in(person(chromium, "sue-watches"), server.address, SUE)
    sue.find(f"{TEAM} .list-fold").click()
    sue.find(f"{TEAM} .row").filter(has_text="Bob").nth(2).wait_for()
    sue.look("team")
    sue.page.goto(f"{server.address}/console/{bob.page.url.partition('/console/')[2]}")
    expect(sue.find(".watch")).to_be_visible()
    bob.says("I look it up")
    sue.reads("I look it up")
    sue.find(".whisper textarea").fill("Offer a voucher")
    sue.page.keyboard.press("Enter")
    expect(bob.find(".said[data-side=note]")).to_contain_text("Offer a voucher")
    sue.look("watching")

    rows = sue.find(f"{TEAM} .row")
    rows.nth(0).click(modifiers=["Shift"])
    rows.nth(2).click(modifiers=["Shift"])
    sue.look("several-chosen")
    sue.find(".many-bar .db-button").first.click()
    sue.find(".db-popover:popover-open .db-item").nth(1).click()
    sue.find(".many input").fill("parcel, vip")
    sue.page.keyboard.press("Enter")
    expect(sue.find(".many-bar")).to_have_count(0)
    expect(sue.find(".context .tags")).to_contain_text("vip")
    expect(bob.find(".tags > .tag")).to_have_count(2)

    sue.page.goto(f"{server.address}/console/#/live")
    expect(sue.find(".live-chart canvas")).to_be_visible()
    sue.look("live")
    assert bob.complaints() == sue.complaints() == []
    for one in people:
        one.drop()


@pytest.mark.parametrize(("language", "width"), [("zh-CN", 360)])
def test_a_message_left_while_nobody_is_there_is_answered_by_mail(
    server: Server, chromium: Browser, language: str, width: int
) -> None:
    cleo = Customer.at(person(chromium, f"cleo-leaves-{language}", language, width), server.address)
    cleo.opens()
    cleo.chooses(0)
    cleo.says("包裹还没到")
    cleo.find(".queue-leave").click()
    expect(cleo.find(".leave input").first).to_be_visible()
    cleo.find(".leave [data-kind=primary]").click()
    expect(cleo.find(".leave [role=alert]")).to_be_visible()
    cleo.look("nothing-to-be-reached-by")
    cleo.find(".leave input[type=email]").fill("cleo@example.com")
    cleo.find(".leave [data-kind=primary]").click()
    expect(cleo.find(".foot .ended")).to_be_visible()
    cleo.look("left")

    ann = AgentDesk.signed_in(
        person(chromium, f"ann-answers-{language}", language, width), server.address, ANN
    )
    ann.look("left-messages")
    ann.opens_first()
    ann.find(".left-answer textarea").fill("今天已发出。")
    ann.look("answers")
    ann.find(".left-answer [data-kind=primary]").click()
    expect(ann.find(".left-answer")).to_have_count(0)
    ann.reads("今天已发出。")
    assert ann.complaints() == cleo.complaints() == []


@pytest.mark.parametrize(("language", "width"), [("en-US", 1280), ("zh-CN", 360)])
def test_settings_are_kept_refused_at_their_field_and_never_written_over_unasked(
    server: Server, chromium: Browser, language: str, width: int
) -> None:
    watched = person(chromium, f"owner-settings-{language}", language, width)
    desk = AgentDesk(watched, watched.page(f"{server.address}/console/"))
    desk.signs_in(*OWNER)
    expect(desk.find(".rail")).to_be_visible()
    desk.page.goto(f"{server.address}/console/#/settings/categories/new")
    label = desk.find(".admin-form textarea").first
    label.fill("x" * 81)
    desk.find(".admin-acts button").click()
    expect(desk.find(".field-wrong").first).to_be_visible()
    desk.look("a-field-refused")
    label.fill("Repairs")
    desk.find(".admin-acts button").click()
    expect(desk.find(".admin-form h2")).to_have_text("Repairs")
    made = desk.page.url.rsplit("/", 1)[-1]

    script = owner(server)
    version = script.rest("GET", f"/v1/categories/{made}").json()["version"]
    _changed_elsewhere(server, script, made, version)
    label.fill("Repairs and parts")
    desk.find(".admin-acts button").click()
    expect(desk.find(".admin-form .db-notice .db-button")).to_have_count(2)
    desk.look("a-conflict")
    desk.find(".admin-form .db-notice .db-button").last.click()
    expect(desk.find(".admin-form h2")).to_have_text("Repairs and parts")
    now = script.rest("GET", f"/v1/categories/{made}").json()
    assert (now["label"]["en"], now["order"]) == ("Repairs and parts", 7)

    for kind in ("queues", "agents", "schemes"):
        desk.page.goto(f"{server.address}/console/#/settings/{kind}")
        desk.find(".admin-list li a").first.click()
        expect(desk.find(".admin-form form")).to_be_visible()
        desk.look(kind)
    desk.page.goto(f"{server.address}/console/#/roster")
    expect(desk.find(".roster-grid td").first).to_be_visible()
    desk.look("roster")
    assert desk.complaints() == []


def _changed_elsewhere(server: Server, script: Person, category_id: str, version: int) -> None:
    httpx.patch(
        f"{server.address}/v1/categories/{category_id}",
        json={"order": 7},
        headers={"Authorization": f"Bearer {script.token}", "If-Match": str(version)},
        timeout=20,
    ).raise_for_status()

"""Every kind of message between two real browsers: files both ways, a voice, a form, quotes, taking back, and a rating."""

import base64
import random
import re
import zlib
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, FilePayload, Locator, expect, sync_playwright

from tests import media
from tests.e2e.browser import QUIET, Watched, executable
from tests.e2e.screens import AgentDesk, Customer
from tests.e2e.server import Server

ANN = "ann@demo.local"
FAKE_MICROPHONE = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
PICTURE: FilePayload = {"name": "tent.jpg", "mimeType": "image/jpeg", "buffer": media.JPEG}
BILL: FilePayload = {"name": "bill.pdf", "mimeType": "application/pdf", "buffer": media.PDF}
LIE: FilePayload = {"name": "bill.pdf", "mimeType": "application/pdf", "buffer": media.HTML}
SHOWN = "img:not(.db-tiny)"
HEARD_S = 0.5
LARGE_BYTES = 500 * 1024
FILMED = """async width => {
  const sheet = Object.assign(document.createElement('canvas'), {width, height: 48});
  const pen = sheet.getContext('2d');
  const draw = setInterval(() => { pen.fillStyle = pen.fillStyle === '#000000' ? 'red' : 'black'; pen.fillRect(0, 0, width, 48); }, 20);
  const recorder = new MediaRecorder(sheet.captureStream(30), {mimeType: 'video/webm'});
  const parts = [];
  recorder.ondataavailable = ({data}) => parts.push(data);
  recorder.start();
  await new Promise(done => setTimeout(done, 400));
  await new Promise(done => { recorder.onstop = done; recorder.stop(); });
  clearInterval(draw);
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''));
}"""
FILM_WIDTH = 64
HANDED_OVER = """([name, type, base64, how]) => {
  const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
  const held = new DataTransfer();
  held.items.add(new File([bytes], name, {type}));
  const given = {bubbles: true, cancelable: true};
  if (how === 'drop') for (const step of ['dragover', 'drop'])
    document.body.dispatchEvent(new DragEvent(step, {...given, dataTransfer: held}));
  else document.activeElement.dispatchEvent(new ClipboardEvent('paste', {...given, clipboardData: held}));
}"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=executable(), args=[*QUIET, *FAKE_MICROPHONE])
        yield opened
        opened.close()


def person(chromium: Browser, name: str, language: str, width: int) -> Watched:
    context = chromium.new_context(
        locale=language,
        viewport={"width": width, "height": 720},
        reduced_motion="reduce",
        accept_downloads=True,
    )
    return Watched(context, name)


def large_picture() -> FilePayload:
    """Colours at random: nothing makes it small but drawing it anew."""
    width, height = 640, 400
    rows = b"".join(b"\0" + random.Random(row).randbytes(width * 3) for row in range(height))
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    body = (("IHDR", head), ("IDAT", zlib.compress(rows, 1)), ("IEND", b""))
    picture = b"\x89PNG\r\n\x1a\n" + b"".join(media.chunk(name.encode(), part) for name, part in body)
    assert len(picture) > LARGE_BYTES
    return {"name": "tear.png", "mimeType": "image/png", "buffer": picture}


def menu_of(screen: AgentDesk | Customer, text: str) -> Locator:
    """Opens a message's menu; what stands in it."""
    screen.find(".db-line").filter(has_text=text).locator(".db-more").click()
    return screen.find(".db-popover:popover-open .db-item")


@pytest.mark.parametrize(("language", "width"), [("en-US", 1280), ("zh-CN", 360)])
def test_each_kind_of_message_is_seen_alike_on_both_sides(
    server: Server, chromium: Browser, language: str, width: int
) -> None:
    ann = AgentDesk.signed_in(person(chromium, f"ann-kinds-{language}", language, width), server.address, ANN)
    cleo = Customer.at(person(chromium, f"cleo-kinds-{language}", language, width), server.address)
    cleo.opens()
    cleo.chooses(0)
    cleo.says("My tent is torn")
    ann.opens_first()
    ann.reads("My tent is torn")

    _files_both_ways(ann, cleo)
    _a_voice_is_heard(ann, cleo)
    _a_form_is_answered(ann, cleo)
    _they_quote_and_take_back(ann, cleo)
    _the_picture_is_seen_large(cleo)
    _a_recording_ends_by_itself(ann, cleo)
    _ann_ends_and_cleo_rates(ann, cleo)
    assert ann.complaints() == []
    assert cleo.complaints() == []


def _files_both_ways(ann: AgentDesk, cleo: Customer) -> None:
    cleo.find(".field input[type=file]").set_input_files([PICTURE, BILL])
    for screen in (cleo, ann):
        expect(screen.find(f".bubble .db-picture {SHOWN}")).to_have_count(1)
        expect(screen.find(".bubble .db-box")).to_have_text("bill.pdf1 kB" + _download(screen))
    with ann.page.expect_download() as saved:
        ann.find(".log .db-box").click()
    assert saved.value.path().read_bytes() == media.PDF

    ann.find(".reply input[type=file]").set_input_files([LIE, large_picture()])
    drawn_anew = cleo.find(".bubble .db-picture[aria-label$='tear.webp']")
    expect(drawn_anew.locator(SHOWN)).to_be_visible()
    expect(ann.find(".db-tray [role=alert]")).to_be_visible()
    ann.look("a-file-refused")
    ann.find(".db-tray .db-button").click()
    expect(ann.find(".db-tray")).to_have_count(0)
    expect(cleo.find(".bubble .db-box")).to_have_count(1)
    _dropped_and_pasted(ann, cleo)


def _dropped_and_pasted(ann: AgentDesk, cleo: Customer) -> None:
    film: FilePayload = {
        "name": "tear.webm",
        "mimeType": "video/webm",
        "buffer": base64.b64decode(ann.page.evaluate(FILMED, FILM_WIDTH)),
    }
    for screen, how, file in ((ann, "drop", BILL), (cleo, "paste", PICTURE), (ann, "paste", film)):
        screen.field.focus()
        content = base64.b64encode(file["buffer"]).decode()
        screen.frame.evaluate(HANDED_OVER, [f"{how}-{file['name']}", file["mimeType"], content, how])
    for screen in (ann, cleo):
        expect(screen.find(".bubble .db-box").filter(has_text="drop-bill.pdf")).to_have_count(1)
        expect(screen.find(".bubble .db-picture[aria-label$='paste-tent.jpg']")).to_have_count(1)
        screen.find(".bubble .db-picture[aria-label$='paste-tear.webm']").click()
        expect(screen.find(".bubble video")).to_have_js_property("videoWidth", FILM_WIDTH)


def _download(screen: AgentDesk | Customer) -> str:
    return "Download" if screen.frame.evaluate("document.documentElement.lang") == "en" else "下载"


def _a_voice_is_heard(ann: AgentDesk, cleo: Customer) -> None:
    cleo.find(".field .db-button").last.click()
    expect(cleo.find(".db-levels i").nth(9)).to_be_attached()
    cleo.look("recording")
    cleo.page.keyboard.press("Enter")
    expect(ann.find(".log .db-voice")).to_have_count(1)
    ann.find(".db-voice .db-button").click()
    ann.page.wait_for_function(
        "least => document.querySelector('.log audio').currentTime > least", arg=HEARD_S
    )
    ann.find(".db-speed").click()
    expect(ann.find(".db-speed")).to_have_text("1.5×")
    ann.find(".db-voice .db-button").click()


def _a_recording_ends_by_itself(ann: AgentDesk, cleo: Customer) -> None:
    """Two minutes pass on the page's clock; what was heard by then is kept, and sent when one says so."""
    ann.page.clock.install()
    ann.find(".reply-bar > .db-button").nth(1).click()
    expect(ann.find(".db-levels i").first).to_be_attached()
    ann.page.clock.fast_forward(125_000)
    timer = ann.find(".db-recording [role=timer]")
    expect(timer).to_have_text(re.compile(r"2:0\d"))
    ended = timer.inner_text()
    ann.page.clock.fast_forward(30_000)
    expect(timer).to_have_text(ended)
    ann.page.clock.resume()
    ann.page.keyboard.press("Enter")
    for screen in (ann, cleo):
        expect(screen.find(".bubble .db-voice")).to_have_count(2)
        expect(screen.find(".bubble .db-voice").last).to_contain_text("2:00")


def _a_form_is_answered(ann: AgentDesk, cleo: Customer) -> None:
    fields = _makes(ann, 0)
    fields.first.fill("javascript:alert(1)")
    ann.page.keyboard.press("Enter")
    expect(ann.find(".maker [role=alert]")).to_be_visible()
    fields.first.fill("shop.example/returns")
    fields.nth(1).fill("How to return")
    ann.page.keyboard.press("Enter")

    fields = _makes(ann, 1)
    fields.first.fill("Order 1042")
    ann.find(".maker-rows > .db-button").click()
    ann.find(".maker-fact input").first.fill("State")
    ann.find(".maker-fact input").nth(1).fill("Sent")
    ann.look("a-card-is-made")
    ann.page.keyboard.press("Enter")

    fields = _makes(ann, 2)
    fields.first.fill("Where to?")
    ann.find(".maker-question input").fill("Street")
    ann.find(".maker-required input").check()
    ann.find(".maker-fields > .db-button").click()
    ann.find(".maker-question select").nth(1).select_option("select")
    ann.find(".maker-question input").nth(1).fill("Size")
    ann.find(".maker textarea").fill("S\nM\nM")
    ann.look("a-form-is-made")
    ann.find(".maker [data-kind=primary]").click()

    cleo.find(".db-form input").first.fill("Hill Road 5")
    expect(cleo.find(".db-form select option")).to_have_count(3)
    cleo.look("a-form")
    cleo.find(".db-form .db-button").click()
    for screen in (ann, cleo):
        expect(screen.find(".db-card dd").filter(has_text="Hill Road 5")).to_be_visible()
        expect(screen.find(".db-card").filter(has_text="Order 1042")).to_contain_text("Sent")
        expect(screen.find("a.db-box")).to_have_attribute("href", "https://shop.example/returns")
    expect(cleo.find(".db-form")).to_have_count(0)
    ann.look("kinds")


def _makes(ann: AgentDesk, kind: int) -> Locator:
    """Opens the dialog of a kind; the fields in it."""
    ann.find(".reply-bar [aria-haspopup=menu]").click()
    ann.find(".db-popover:popover-open .db-item").nth(kind).click()
    return ann.find(".maker .db-field input")


def _they_quote_and_take_back(ann: AgentDesk, cleo: Customer) -> None:
    ann.says("We send a new one.")
    cleo.reads("We send a new one.")
    menu_of(cleo, "We send a new one.").first.click()
    expect(cleo.find(".db-quoting")).to_contain_text("We send a new one.")
    cleo.look("quoting")
    cleo.says("Thank you")
    for screen in (ann, cleo):
        answer = screen.find(".bubble").filter(has_text="Thank you")
        expect(answer.locator(".db-quote")).to_contain_text("We send a new one.")
    expect(cleo.find(".db-quoting")).to_have_count(0)

    ann.says("By snail")
    cleo.reads("By snail")
    menu_of(ann, "By snail").nth(1).click()
    for screen in (ann, cleo):
        expect(screen.find(".bubble[data-recalled]")).to_have_count(1)
        expect(screen.find(".bubble").filter(has_text="By snail")).to_have_count(0)
    ann.look("taken-back")


def _the_picture_is_seen_large(cleo: Customer) -> None:
    cleo.find(".db-picture").first.click()
    expect(cleo.find("dialog.db-large img")).to_be_visible()
    cleo.look("large")
    cleo.page.keyboard.press("Escape")
    expect(cleo.find("dialog")).to_have_count(0)
    expect(cleo.find(".db-picture").first).to_be_focused()


def _ann_ends_and_cleo_rates(ann: AgentDesk, cleo: Customer) -> None:
    ann.ends()
    cleo.find(".scores input").first.focus()
    cleo.page.keyboard.press("ArrowLeft")  # from the first of a group round to the last
    expect(cleo.find(".scores input").last).to_be_checked()
    cleo.find(".chips label").first.click()
    cleo.find(".rating textarea").fill("Quick and kind")
    cleo.look("rating")
    cleo.find(".rating [data-kind=primary]").click()
    expect(cleo.find(".rating")).to_have_count(0)
    if not ann.find(".context").is_visible():
        ann.find(".thread-more button").click()
    expect(ann.find(".context .rated [data-on=true]")).to_have_count(5)
    expect(ann.find(".context")).to_contain_text("Quick and kind")
    ann.look("rated")


def test_a_search_is_kept_in_the_address_and_a_record_is_printed_and_saved(
    server: Server, chromium: Browser
) -> None:
    ann = AgentDesk.signed_in(person(chromium, "ann-records", "en-US", 1280), server.address, ANN)
    cleo = Customer.at(person(chromium, "cleo-records", "en-US", 1280), server.address)
    cleo.opens()
    cleo.chooses(0)
    cleo.says("My kettle whistles out of tune")
    ann.opens_first()
    ann.says("It is a feature.")
    cleo.reads("It is a feature.")
    ann.ends()
    ann.find(".filing .choice").nth(3).click()
    ann.page.keyboard.press("Control+Enter")
    expect(ann.find(".filing")).to_have_count(0)
    _minutes_pass(server)

    ann.page.goto(f"{server.address}/console/#/records")
    ann.find(".records-form input").nth(1).fill("kettle")
    ann.find(".records .row").click()
    ann.page.reload()
    assert ann.page.url.endswith("?q=kettle")
    expect(ann.find(".records .row")).to_have_count(1)
    expect(ann.find(".timeline li").first).to_be_visible()
    ann.find(".record-acts button").nth(1).click()
    with ann.page.expect_download() as saved:
        ann.find(".db-popover:popover-open .db-item").first.click()
    assert "My kettle whistles out of tune" in saved.value.path().read_text("utf-8")

    ann.find(".record-acts button").first.click()
    paper = ann.page.frame_locator("iframe.record-print")
    expect(paper.locator("body")).to_contain_text("My kettle whistles out of tune")
    expect(paper.locator("body")).to_have_css("max-width", "704px")  # its own sheet was let in
    assert ann.find("iframe.record-print").get_attribute("sandbox") == "allow-same-origin allow-modals"

    ann.find(".records-form input").nth(1).fill("samovar")
    expect(ann.find(".records .row")).to_have_count(0)
    ann.look("nothing-found")
    assert ann.complaints() == []


def _minutes_pass(server: Server) -> None:
    """Words are indexed by the minute's round, once nothing can be taken back any more."""
    for path, body in (
        ("/local/clock", {"offset_s": 180}),
        ("/local/tick", {"name": "expire_idle_sessions"}),
    ):
        httpx.post(server.address + path, json=body, timeout=20).raise_for_status()


def test_a_held_chat_stands_apart_until_its_customer_writes(server: Server, chromium: Browser) -> None:
    ann = AgentDesk.signed_in(person(chromium, "ann-hold", "en-US", 1280), server.address, ANN)
    cleo = Customer.at(person(chromium, "cleo-hold", "en-US", 1280), server.address)
    cleo.opens()
    cleo.chooses(0)
    cleo.says("Any news?")
    ann.opens_first()
    ann.says("I ask the depot.")
    ann.find(".context select").select_option("refunds")
    expect(ann.find(".thread-who p")).to_contain_text("Returns and refunds")
    ann.find(".tag-new").fill("depot")
    ann.page.keyboard.press("Enter")
    expect(ann.find(".tags > .tag")).to_have_text("depot")
    ann.find("body").press("Alt+h")
    expect(ann.find(".ask input[data-first]")).to_be_focused()
    ann.look("hold")
    ann.page.keyboard.type("Asking the depot")
    ann.page.keyboard.press("Enter")
    expect(ann.find(".held")).to_contain_text("Asking the depot")
    expect(ann.find(".list section").nth(1)).to_have_attribute("aria-label", "On hold")
    ann.look("held")
    cleo.says("And now?")
    expect(ann.find(".held")).to_have_count(0)
    ann.reads("And now?")
    assert ann.complaints() == []

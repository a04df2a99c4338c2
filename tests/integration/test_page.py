"""The page in a real browser, on a real server: what somebody sees who drafts with it."""

import json
import re
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from typing import Any, get_args

import pytest
from playwright.async_api import Browser

from actors.config import Settings
from actors.domain.citation import CitationState
from actors.report import report_of
from serve.page.examples import EXAMPLES, Example
from serve.service import Order
from tests.integration.model_drafting import KEY, WORDING, profiles, settings
from tests.integration.page_server import PageServer, Visit, chromium, headless, page_server, visit
from tests.provider.faults import wrong_key
from tests.provider.process import Provider, running_provider
from tests.provider.turns import fault, reply

NDA = "Mutual NDA between Acme Robotics, Inc. and Beta Labs LLC under Delaware law, two-year term"
JOB = (
    "Employment agreement between Acme Robotics, Inc. and Jane Doe in California, salary USD 120,000 per year, "
    "with a non-compete"
)
HOSTILE = "<img src=x onerror=alert(1)> & <b>Söns</b> 🦾 Ltd"
INVENTED = (
    "6.1 **No Licence.** Each party keeps its rights; see 18 U.S.C. § 1836 and 42 U.S.C. § 99999.\n\n"
    "6.2 **No Warranty.** It is given as it is.\n\n6.3 **No Duty.** Neither party must go further."
)
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """One loop for the module: its server and its browser begin once."""
    return "asyncio"


@pytest.fixture(scope="module")
def binary() -> str:
    """The browser to start; without one these tests are skipped by name."""
    found = chromium()
    if found is None:
        pytest.skip("no Chromium: LEXRAY_TEST_CHROMIUM is not set and none is on PATH")
    return found


@pytest.fixture(scope="module")
async def browser(anyio_backend: str, binary: str) -> AsyncIterator[Browser]:
    async with headless(binary) as running:
        yield running


@pytest.fixture(scope="module")
async def server(
    anyio_backend: str, binary: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[PageServer]:
    async with page_server(Settings(home=tmp_path_factory.mktemp("home"))) as running:
        yield running


@pytest.fixture
async def tab(browser: Browser, server: PageServer) -> AsyncIterator[Visit]:
    """A tab with a key that has drafted nothing yet."""
    async with visit(browser, server, f"acme-{uuid.uuid4().hex[:8]}") as seen:
        yield seen
        assert seen.complaints == []


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running_provider(seed=1, api_key=KEY) as running:
        yield running


@pytest.fixture
async def slow(browser: Browser, provider: Provider, binary: str) -> AsyncIterator[Visit]:
    """A tab on a server whose model takes a second or two to write a section."""
    profiles(provider)
    provider.profile("writer", says="marked", pattern=WORDING, events=30, total_s=0.9)
    using = settings(provider, sections_in_flight=1, agents=("draft",)).model_copy(update={"engine": "model"})
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(page_server(using))
        yield await stack.enter_async_context(visit(browser, running, "slow"))


# A request becomes a document.


async def test_an_example_becomes_a_document_with_its_pipeline_beside_it(tab: Visit) -> None:
    await tab.page.get_by_role("button", name="Mutual NDA").click()
    await tab.page.get_by_role("button", name="Draft it").click()
    await tab.finished()

    assert await tab.text("#draft-title") == "Mutual Non-Disclosure Agreement"
    assert await tab.text("#draft-state") == "Finished"
    assert "law of Delaware" in await tab.text("#draft-facts")
    states = await tab.page.eval_on_selector_all(".layer", "rows => rows.map(row => row.dataset.state)")
    assert states == ["done"] * 6
    assert "Acme Robotics, Inc." in await tab.text("#paper")
    assert any(heading.startswith("1. ") for heading in await tab.texts("#outline a"))


async def test_the_paper_shows_what_the_report_says_and_no_sign_of_markdown(tab: Visit) -> None:
    await tab.draft(JOB)
    report = await tab.asks(f"v1/drafts/{await tab.finished()}")

    shown = await tab.page.eval_on_selector_all(
        "#paper .part",
        "parts => parts.map(part => [...part.querySelectorAll('p')].map(p => p.textContent).join('\\n\\n'))",
    )
    assert shown == [section["text"] for section in report["document"]["sections"]]


async def test_every_mark_stands_on_the_words_of_its_remark(tab: Visit) -> None:
    await tab.draft(JOB)
    report = await tab.asks(f"v1/drafts/{await tab.finished()}")

    marked = await marks_of(tab)
    findings = [*report["review"]["findings"], *report["validation"]["findings"]]
    quotes = {f["id"]: f["quote"] for f in findings if f["quote"]}
    assert {i.partition("-")[2]: words for i, words in marked.items() if i[0] == "f"} == quotes
    assert [words for i, words in marked.items() if i[0] == "c"] == [c["text"] for c in report["citations"]]
    assert len(report["citations"]) > 5


async def marks_of(tab: Visit) -> dict[str, str]:
    """Return the words of each mark, put together from its pieces, in reading order."""
    pieces: list[list[str]] = await tab.page.eval_on_selector_all(
        "#paper mark", "marks => marks.map(mark => [mark.dataset.marks, mark.textContent])"
    )
    words: dict[str, str] = {}
    for names, text in pieces:
        for name in names.split():
            words[name] = words.get(name, "") + text
    return words


async def test_a_card_leads_to_its_place_by_keyboard_and_the_place_back_to_its_card(tab: Visit) -> None:
    await tab.draft(JOB)
    await tab.finished()
    await tab.page.focus("#tab-findings")
    await tab.page.keyboard.press("ArrowRight")
    assert await tab.page.get_attribute("#tab-citations", "aria-selected") == "true"
    card = tab.page.locator("#panel-citations .card").nth(4)
    words = await card.locator(".card-text").inner_text()
    await card.focus()
    await tab.page.keyboard.press("Enter")

    chosen = tab.page.locator("mark.is-chosen")
    assert "".join(await chosen.all_inner_texts()) == words
    assert await chosen.first.evaluate("mark => mark === document.activeElement")
    await chosen.first.wait_for(state="visible")

    await tab.page.locator("#paper mark.is-citation").first.click()
    assert await tab.page.locator("#panel-citations .card.is-chosen").count() == 1
    assert "is-chosen" in (
        await tab.page.locator("#panel-citations .card").first.get_attribute("class") or ""
    )


async def test_a_hostile_name_is_text_everywhere_and_moves_no_mark(tab: Visit) -> None:
    await tab.page.select_option("#type", "nda_mutual")
    await tab.page.fill("#f-first-name", HOSTILE)
    await tab.page.fill("#f-second-name", "Beta Labs LLC")
    await tab.page.fill("#message", f"An NDA for {HOSTILE}, please")
    await tab.page.click("#submit")
    report = await tab.asks(f"v1/drafts/{await tab.finished()}")

    assert HOSTILE in await tab.text("#paper")
    assert await tab.page.locator("#paper img, #paper b, .drafts img").count() == 0
    quotes = [f["quote"] for f in report["review"]["findings"] if f["quote"]]
    assert quotes
    assert sorted(words for i, words in (await marks_of(tab)).items() if i[0] == "f") == sorted(quotes)
    await tab.page.get_by_role("link", name="Drafts").click()
    await tab.page.wait_for_selector(".drafts a")
    assert HOSTILE in await tab.text(".drafts:visible")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.label)
async def test_an_example_is_drafted_without_a_guess(server: PageServer, example: Example) -> None:
    asked = server.service.request(Order(message=example.message), None, "examples", None)
    report = report_of(await server.service.finish(asked))
    assert report["status"] == "finished"
    assert report["notices"] == []
    assert all(party["name"] for party in report["matter"]["parties"])


# What the browser is told, and what it may load.


async def test_the_page_asks_nobody_else_and_keeps_a_strict_policy(tab: Visit) -> None:
    response = await tab.page.reload()
    assert response is not None
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    await tab.draft(NDA)
    await tab.finished()
    await tab.page.get_by_role("link", name="Status").click()
    await tab.page.wait_for_selector("#status-banner:not([hidden])")
    assert {address.split("/v1")[0].split("/assets")[0].rstrip("/") for address in tab.addresses} == {
        tab.server.url.rstrip("/")
    }
    tab.complaints.clear()  # the browser calls the refused figures an error, and the page says so itself


async def test_the_html_holds_no_script_and_no_style(tab: Visit) -> None:
    html = await (await tab.page.request.get(tab.server.url)).text()
    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=|javascript:", html)


async def test_a_file_of_the_page_may_be_kept_for_ever_and_another_is_not_found(tab: Visit) -> None:
    sheet = await tab.page.get_attribute("link[rel=stylesheet]", "href")
    kept = await tab.page.request.get(f"{tab.server.url}{sheet}")
    assert kept.status == 200
    assert "immutable" in kept.headers["cache-control"]
    older = await tab.page.request.get(f"{tab.server.url}assets/0123456789ab/main.js")
    assert (older.status, older.headers["cache-control"]) == (200, "no-cache")
    for name in ("none.js", "..%2Fhtml.py", "%2e%2e/html.py"):
        assert (await tab.page.request.get(f"{tab.server.url}assets/x/{name}")).status == 404
    page = await tab.page.request.get(tab.server.url)
    again = await tab.page.request.get(tab.server.url, headers={"If-None-Match": page.headers["etag"]})
    assert again.status == 304
    assert again.headers["content-security-policy"] == page.headers["content-security-policy"]


# Keys and history.


async def test_a_key_is_asked_for_kept_in_the_tab_and_shows_its_own_drafts_alone(
    browser: Browser, server: PageServer
) -> None:
    async with visit(browser, server) as stranger:
        await stranger.page.wait_for_selector("#key-dialog[open]")
        assert await stranger.text("#key-reason") == "This server asks for a key."
        await stranger.page.get_by_role("button", name="Not now").click()
        await stranger.page.wait_for_selector("#key-dialog[open]", state="hidden")
        await stranger.page.get_by_role("button", name="API key").click()
        await stranger.page.fill("#key", "wrong-key")
        await stranger.page.keyboard.press("Enter")
        await stranger.page.get_by_text("The server does not know this key.").wait_for()
        await stranger.page.fill("#key", f"zenith-{uuid.uuid4().hex[:8]}")
        await stranger.page.keyboard.press("Enter")
        await stranger.page.get_by_text("Nothing has been drafted with this key yet.").wait_for()
        await stranger.draft(NDA)
        await stranger.finished()
        await stranger.page.get_by_role("link", name="Drafts").click()
        await stranger.page.wait_for_selector(".drafts a:visible")
        assert await stranger.page.locator(".drafts:visible li").count() == 1
        kept = "[localStorage.length, document.cookie, location.href.includes('zenith')]"
        assert await stranger.page.evaluate(kept) == [0, "", False]
        assert await stranger.page.evaluate("sessionStorage.length") == 1


async def test_anothers_draft_is_none(tab: Visit, browser: Browser) -> None:
    await tab.draft(NDA)
    draft = await tab.finished()
    async with visit(browser, tab.server, "somebody-else", f"#/drafts/{draft}") as other:
        await other.page.get_by_text("There is no such draft under this key.").wait_for()
        assert await other.text("#draft-title") == "No draft"


async def test_a_draft_of_the_history_can_be_changed_and_drafted_again(tab: Visit) -> None:
    await tab.page.select_option("#type", "nda_mutual")
    await tab.page.fill("#f-first-name", "Acme Robotics, Inc.")
    await tab.page.fill("#f-term", "3")
    await tab.page.check("[data-option=residuals]")
    await tab.draft(NDA)
    first = await tab.finished()
    await tab.page.get_by_role("link", name="Drafts").click()
    await tab.page.locator(".drafts:visible a").first.click()
    await tab.finished()
    await tab.page.click("#tab-points")
    await tab.page.get_by_role("button", name="Fill these in").click()
    await tab.page.wait_for_selector("#request:visible")

    assert await tab.page.input_value("#message") == NDA
    assert await tab.page.input_value("#f-first-name") == "Acme Robotics, Inc."
    assert await tab.page.input_value("#f-term") == "3"
    assert await tab.page.is_checked("[data-option=residuals]")
    path = await tab.page.evaluate("document.activeElement.dataset.path")
    assert path.startswith("facts."), path
    await tab.page.fill("#f-first-formed_in", "Nevada")
    await tab.page.click("#submit")
    await tab.page.wait_for_url(re.compile(f"/drafts/(?!{first})"))
    await tab.finished()
    assert "Nevada" in await tab.text("#paper")


# Files.


@pytest.mark.parametrize(
    ("button", "ending", "begins"),
    [
        ("Word", "docx", b"PK"),
        ("PDF", "pdf", b"%PDF-"),
        ("Markdown", "md", b"# Mutual"),
        ("Report", "json", b"{"),
    ],
)
async def test_a_file_is_saved_under_the_documents_name(
    tab: Visit, button: str, ending: str, begins: bytes
) -> None:
    await tab.draft(NDA)
    await tab.finished()
    async with tab.page.expect_download() as saving:
        await tab.page.get_by_role("button", name=button, exact=True).click()
    saved = await saving.value
    assert saved.suggested_filename.startswith("Mutual-Non-Disclosure-Agreement")
    assert saved.suggested_filename.endswith(f".{ending}")
    assert (await saved.path()).read_bytes().startswith(begins)


# Refusals.


async def test_a_refusal_stands_at_its_field_and_has_the_focus(tab: Visit) -> None:
    await tab.page.select_option("#type", "nda_mutual")
    await tab.page.fill("#f-term", "no time at all")
    await tab.draft(NDA)
    await tab.page.wait_for_selector(".error")

    assert await tab.page.evaluate("document.activeElement.id") == "f-term"
    assert await tab.page.get_attribute("#f-term", "aria-invalid") == "true"
    described = await tab.page.get_attribute("#f-term", "aria-describedby") or ""
    assert "f-term-error" in described.split()
    await tab.page.fill("#f-term", "2")
    assert await tab.page.locator(".error").count() == 0
    tab.complaints.clear()  # the browser calls every refusal an error


async def test_nothing_asked_for_is_said_at_the_request_and_nothing_is_sent(tab: Visit) -> None:
    await tab.page.click("#submit")
    assert await tab.text(".error") == "Say what shall be drafted, or choose a document."
    assert not [address for address in tab.addresses if address.endswith("/v1/drafts")]


async def test_a_request_that_names_no_document_says_what_to_do(tab: Visit) -> None:
    await tab.draft("Bake me a cake")
    await tab.page.wait_for_selector(".error, #request-problem:not([hidden]), .banner.is-bad:visible")
    assert "Commercial Lease Agreement" in await tab.text("main")
    assert await tab.page.is_hidden("#paper")
    tab.complaints.clear()


# While it runs.


async def test_text_comes_while_it_is_written_and_the_outline_follows(slow: Visit) -> None:
    await slow.draft(NDA)
    await slow.page.wait_for_selector(".part.is-writing")
    assert await slow.text("#draft-state") == "Drafting"
    await slow.page.wait_for_selector("#outline [data-state=writing]")
    await slow.page.wait_for_selector("#outline [data-state=done]")
    await slow.page.wait_for_selector('.layer[data-layer=draft][data-state="running"]')
    lengths = [len(await slow.text("#paper"))]
    while len(lengths) < 4:
        await slow.page.wait_for_function(
            "n => document.getElementById('paper').innerText.length > n", arg=lengths[-1]
        )
        lengths.append(len(await slow.text("#paper")))
    await slow.finished()
    assert slow.complaints == []


async def test_a_section_that_comes_again_visibly_replaces_what_stood_there(
    slow: Visit, provider: Provider
) -> None:
    provider.script(fault("cut", model="writer", task="3", after_tokens=100))
    await slow.draft(NDA)
    await slow.page.wait_for_selector(".part-note")
    assert (await slow.text(".part-note")).startswith("This section is being written again")
    report = await slow.asks(f"v1/drafts/{await slow.finished()}")
    assert await slow.page.locator(".part-note").count() == 0
    third = next(section for section in report["document"]["sections"] if section["number"] == "3")
    assert third["text"].split("\n\n")[0] in (await slow.page.text_content("#paper") or "")
    assert "Retry" in await slow.text("#happenings")


async def test_a_lost_connection_is_said_and_the_draft_goes_on_where_it_was(slow: Visit) -> None:
    await slow.draft(NDA)
    await slow.page.wait_for_selector(".part.is-writing")
    await slow.server.stop()
    await slow.page.wait_for_selector('#draft-state[data-state="lost"]')
    assert "The connection was lost" in await slow.text("#draft-banner")
    await slow.server.start()
    async with slow.page.expect_request("**/events") as asking:
        await slow.page.get_by_role("button", name="Try now").click()
    assert re.match(r"\d+-\d+-", (await asking.value).headers["last-event-id"])
    report = await slow.asks(f"v1/drafts/{await slow.finished()}")

    shown = await slow.page.eval_on_selector_all("#paper .part p", "all => all.map(p => p.textContent)")
    told = [line for section in report["document"]["sections"] for line in section["text"].split("\n\n")]
    assert shown == told


async def test_a_replaced_step_is_named_where_it_happened_and_in_the_document(
    slow: Visit, provider: Provider
) -> None:
    provider.script(fault("status", status=500, model="writer", task="4", times=3))
    await slow.draft(NDA)
    await slow.finished()
    assert await slow.text("#draft-state") == "Finished, with replacements"
    assert "clause library" in await slow.text("#happenings")
    assert "clause library" in await slow.text(".paper-note")
    assert await slow.page.get_attribute("[data-layer=draft]", "data-state") == "degraded"


async def test_a_failed_draft_says_where_and_why_and_offers_no_file(slow: Visit, provider: Provider) -> None:
    provider.script(wrong_key(model="writer", times=30))
    await slow.draft(NDA)
    await slow.page.wait_for_selector('#draft-state[data-state="failed"]')
    assert "refuses the key" in await slow.text("#draft-banner")
    assert "http" not in await slow.text("#draft-banner")
    assert await slow.page.is_hidden("#downloads")
    assert "had nothing to remark" not in await slow.text("#remarks")


async def test_a_citation_has_the_colour_of_its_state_in_the_text_and_on_its_card(
    slow: Visit, provider: Provider
) -> None:
    provider.profile("writer", says="marked", pattern=WORDING)
    provider.script(reply(INVENTED, model="writer", task="6", times=3))
    await slow.draft(NDA)
    report = await slow.asks(f"v1/drafts/{await slow.finished()}")
    states = {c["text"]: c["state"] for c in report["citations"]}
    assert (states["42 U.S.C. § 99999"], states["18 U.S.C. § 1836"]) == ("not_found", "verified")

    await slow.page.click("#tab-citations")
    looks = {await look(slow, "#paper mark", words, "textDecorationColor") for words in states}
    cards = {await look(slow, "#panel-citations .card", words, "borderLeftColor") for words in states}
    assert len(looks) == len(cards) == len(set(states.values()))
    assert {colour for _, colour in looks} == {colour for _, colour in cards}


async def look(seen: Visit, selector: str, words: str, style: str) -> tuple[str, str]:
    """Return the state in the classes of what holds these words, and a colour of it."""
    found = seen.page.locator(selector).filter(has_text=words).first
    names = set((await found.get_attribute("class") or "").split())
    [state] = names & {f"is-{state}" for state in get_args(CitationState)}
    return state, await found.evaluate("(e, style) => getComputedStyle(e)[style]", style)


async def test_a_draft_is_cancelled_after_a_question(slow: Visit) -> None:
    await slow.draft(NDA)
    await slow.page.wait_for_selector(".part.is-writing")
    await slow.page.click("#cancel")
    assert await slow.page.evaluate("document.activeElement.value") == "keep"
    await slow.page.get_by_role("button", name="Cancel the draft").click()
    await slow.page.wait_for_selector('#draft-state[data-state="cancelled"]')
    assert await slow.page.is_hidden("#downloads")
    assert "There is no document to download" in await slow.text("#draft-banner")


# Figures.


async def test_the_status_view_shows_the_figures_of_the_server(browser: Browser, server: PageServer) -> None:
    async with visit(browser, server, "admin-1") as admin:
        await admin.draft(NDA)
        await admin.finished()
        await admin.page.get_by_role("link", name="Status").click()
        await admin.page.wait_for_selector("#figures:not([hidden])")
        told = await admin.asks("v1/status")
        tiles = dict(zip(await admin.texts("#tiles dt"), await admin.texts("#tiles dd"), strict=True))
        assert tiles["Drafts ended"] == f"{told['performance_stats']['total_requests']:,}"
        assert len(await admin.texts("#agents tbody tr")) == len(told["agents"])
        assert await admin.page.locator("#charts figure svg path").count() >= 4
        await admin.page.wait_for_function(
            "() => document.querySelectorAll('#charts .chart-line').length >= 4"
        )
        assert admin.complaints == []


async def test_a_key_without_the_role_is_told_which_one_it_needs(tab: Visit) -> None:
    await tab.page.get_by_role("link", name="Status").click()
    await tab.page.wait_for_selector("#status-banner:not([hidden])")
    assert "role" in await tab.text("#status-banner")
    tab.complaints.clear()


# Screens, colours, and people who do not see them.


async def test_nothing_is_wider_than_a_phone_and_remarks_are_one_press_away(
    browser: Browser, server: PageServer
) -> None:
    async with visit(browser, server, "admin-phone", **PHONE) as phone:
        await phone.page.select_option("#type", "lease")
        await fits(phone)
        await phone.draft(JOB, type="employment")
        await phone.finished()
        await fits(phone)
        assert await phone.page.is_hidden("#remarks")
        await phone.page.get_by_role("button", name="Remarks").tap()
        assert await phone.page.is_visible("#remarks")
        await fits(phone)
        await phone.page.tap("#tab-citations")
        await phone.page.locator("#panel-citations .card").nth(3).tap()
        await phone.page.wait_for_selector("mark.is-chosen:visible")
        for view in ("#/drafts", "#/status"):
            await phone.page.goto(phone.server.url + view)
            await phone.page.wait_for_selector(".drafts:visible, #figures:visible")
            await fits(phone)
        assert phone.complaints == []


async def fits(seen: Visit) -> None:
    assert await seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_text_stands_out_from_its_ground(
    browser: Browser, server: PageServer, scheme: str
) -> None:
    async with visit(browser, server, "admin-eyes", color_scheme=scheme) as eyes:
        await eyes.draft(JOB)
        await eyes.finished()
        await eyes.page.click("#tab-citations")
        assert await eyes.page.evaluate(FAINT) == []
        await eyes.page.goto(f"{eyes.server.url}#/status")
        await eyes.page.wait_for_selector("#figures:not([hidden])")
        assert await eyes.page.evaluate(FAINT) == []


FAINT = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgb = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const linear = (c) => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => [r, g, b].map(c => linear(c / 255))
    .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = rgb(getComputedStyle(e).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || !element.checkVisibility() || element.closest('.unseen, .skip')) continue;
    const [a, b] = [light(rgb(getComputedStyle(element).color)), light(ground(element))].sort((x, y) => y - x);
    if ((a + .05) / (b + .05) < 4.5) faint.push(element.className + ': ' + element.textContent.trim().slice(0, 40));
  }
  return faint;
}"""
"""Words whose contrast is below 4.5 to 1 (WCAG 2.2, 1.4.3)."""


async def test_dark_or_light_is_chosen_once_and_stays(tab: Visit) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    before = await tab.page.evaluate(ground)
    await tab.page.get_by_role("button", name="Dark").click()
    assert await tab.page.evaluate(ground) != before
    await tab.page.reload()
    assert await tab.page.evaluate(ground) != before
    assert await tab.page.get_attribute("#theme", "aria-pressed") == "true"


async def test_every_field_and_button_has_a_name_and_every_id_is_one(tab: Visit) -> None:
    await tab.page.select_option("#type", "lease")
    nameless = """() => [...document.querySelectorAll('input, select, textarea, button, [role=tabpanel], progress')]
      .filter(e => !(e.labels?.length || e.textContent.trim()))
      .filter(e => !(e.getAttribute('aria-label') || e.getAttribute('aria-labelledby')))
      .map(e => e.outerHTML)"""
    assert await tab.page.evaluate(nameless) == []
    ids = await tab.page.eval_on_selector_all("[id]", "all => all.map(e => e.id)")
    assert len(ids) == len(set(ids))
    refers = """() => ['aria-describedby', 'aria-labelledby', 'aria-controls']
      .flatMap(a => [...document.querySelectorAll(`[${a}]`)].flatMap(e => e.getAttribute(a).split(' ')))
      .filter(id => id && !document.getElementById(id))"""
    assert await tab.page.evaluate(refers) == []
    landmarks = await tab.page.locator("body").aria_snapshot()
    for role in ("banner", "navigation", "main", "contentinfo"):
        assert f"- {role}" in landmarks


async def test_the_first_press_of_tab_offers_to_skip_to_the_content(
    browser: Browser, server: PageServer
) -> None:
    async with visit(browser, server, "keyboard", "#/drafts") as keyboard:
        await keyboard.page.get_by_text("Nothing has been drafted").wait_for()
        await keyboard.page.keyboard.press("Tab")
        assert await keyboard.page.evaluate("document.activeElement.textContent") == "Skip to the content"
        await keyboard.page.keyboard.press("Enter")
        assert await keyboard.page.evaluate("document.activeElement.id") == "main"
        assert await keyboard.page.is_visible("#history-title")


async def test_a_screen_reader_is_told_of_the_end(tab: Visit) -> None:
    await tab.draft(NDA)
    await tab.finished()
    assert (await tab.page.text_content("#spoken") or "").startswith("The document is finished")


async def test_whoever_wants_no_motion_gets_none(browser: Browser, server: PageServer) -> None:
    async with visit(browser, server, "calm", reduced_motion="reduce") as calm:
        await calm.draft(NDA)
        await calm.finished()
        moving = "[...document.querySelectorAll('*')].filter(e => getComputedStyle(e).animationName !== 'none').length"
        assert await calm.page.evaluate(moving) == 0


# The page's modules by themselves.


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("a **bold** word", "a bold word"),
        (r"A & B \<Ltd\> \*\*x\*\*", "A & B <Ltd> **x**"),
        ("2 ** 3 ** 4", "2 ** 3 ** 4"),
        ("[Start Date] and [1] and [not a Blank]", "[Start Date] and [1] and [not a Blank]"),
        ("🦾 **𝔄cme** \\_ end", "🦾 𝔄cme _ end"),
        ("a \\ b", "a \\ b"),
        ("**never closed", "never closed"),
    ],
)
async def test_inline_text_reads_as_the_server_reads_it(tab: Visit, source: str, shown: str) -> None:
    runs = await tab.module("markup.js", "m.runsOf(v[0], 0)", source)
    assert "".join(run["text"] for run in runs) == shown
    for run in runs:
        assert run["text"] in source[0:] or run["end"] - run["start"] == 2


async def test_offsets_count_characters_where_the_browser_counts_units(tab: Visit) -> None:
    text = "a🦾b𝔄c"
    units = await tab.module("places.js", "[...v[1]].map(m.unitsOf(v[0]))", text, list(range(len(text) + 1)))
    assert units == [len(text[:i].encode("utf-16-le")) // 2 for i in range(len(text) + 1)]
    assert await tab.module("places.js", "m.lengthOf(v[0])", text) == len(text)


async def test_events_are_the_same_wherever_their_bytes_are_cut(tab: Visit) -> None:
    stream = (
        'retry: 1000\n\n: still here\n\nid: 1-0-0-\nevent: token\ndata: {"content":"§ 🦾"}\n\n'
        "id: 2\r\nevent: x\r\ndata: {}\r\n\r\n"
    )
    read = """(() => {
      const bytes = new TextEncoder().encode(v[0]), all = new Set();
      for (let cut = 0; cut <= bytes.length; cut++) {
        const reader = new m.EventReader();
        all.add(JSON.stringify([...reader.take(bytes.slice(0, cut)), ...reader.take(bytes.slice(cut))]));
      }
      return [...all];
    })()"""
    [told] = await tab.module("event_stream.js", read, stream)
    events: list[dict[str, Any]] = json.loads(told)
    assert [event["name"] for event in events] == ["token", "x"]
    assert json.loads(events[0]["data"]) == {"content": "§ 🦾"}


async def test_a_table_becomes_a_table(tab: Visit) -> None:
    [block] = await tab.module(
        "markup.js", "m.blocksOf(v[0])", "| Service | Level |\n|---|---|\n| Uptime | 99.9 \\| 100 % |"
    )
    cells = [["".join(run["text"] for run in cell) for cell in row] for row in block["rows"]]
    assert cells == [["Service", "Level"], ["Uptime", "99.9 | 100 %"]]

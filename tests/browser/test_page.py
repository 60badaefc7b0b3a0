"""The inspector page in a browser: pointing, keyboard, finger, paper, a narrow window, and no script at all."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from conftest import ROOT, Desk
from playwright.sync_api import Page

from translator.show.annotate import annotated
from translator.show.page import page as written

GUEST = ROOT / "samples/guest/1-850.edi"
NUMBER = "0009-3300145-1001"


@pytest.fixture(scope="session")
def order(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The guest's order with a code that there is not, as a page."""
    place = tmp_path_factory.mktemp("page") / "order.html"
    data = GUEST.read_bytes().replace(b"CSH*N~", b"CSH*Q~")
    place.write_text(written(annotated(data), title="order"), encoding="utf-8")
    return place.as_uri()


def lit(page: Page) -> list[str]:
    """The texts that are lit."""
    return page.locator(".lit").all_inner_texts()


def number_in(page: Page, pane: str) -> str:
    """The id of the PO number in a pane."""
    return page.locator(f"{pane} a", has_text=NUMBER).first.get_attribute("id") or ""


def test_pointing_at_one_lights_the_other(order: str, desk: Desk) -> None:
    page = desk.open(order)
    page.locator(".raw a", has_text=NUMBER).hover()
    both = lit(page)
    assert [text for text in both if NUMBER in text][:2] == [NUMBER, f'"{NUMBER}"']
    assert "Purchase Order Number" in page.locator("#bar").inner_text()
    page.mouse.move(2, 2)
    assert lit(page) == []
    assert not page.locator("#bar").is_visible()
    page.locator(".json a", has_text=NUMBER).hover()
    assert sorted(lit(page)) == sorted(both)


def test_the_other_side_scrolls_to_what_is_lit(order: str, desk: Desk) -> None:
    page = desk.open(order, height=500)
    page.locator(".raw .s", has_text="CTT*").locator("a").nth(1).scroll_into_view_if_needed()
    page.locator(".raw .s", has_text="CTT*").locator("a").nth(1).hover()
    page.wait_for_function("""() => {
        const pane = document.querySelector(".json").getBoundingClientRect();
        const value = document.querySelector(".json a.lit").getBoundingClientRect();
        return pane.top <= value.top && value.bottom <= pane.bottom;
    }""")


def test_the_keyboard_reaches_everything_and_lights_it(order: str, desk: Desk) -> None:
    page = desk.open(order)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the document"
    page.locator(f"#{number_in(page, '.raw')}").focus()
    assert f'"{NUMBER}"' in lit(page)
    page.keyboard.press("Escape")
    assert lit(page) == []
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.raw') !== null")
    page.locator(f"#{number_in(page, '.raw')}").press("Enter")
    assert page.evaluate("document.querySelector(':target').textContent").startswith("BEG03")
    panes = page.locator("[role=region]")
    assert [panes.nth(n).get_attribute("tabindex") for n in range(panes.count())] == ["0"] * panes.count()


def test_a_finding_leads_to_its_element_even_in_what_is_folded(order: str, desk: Desk) -> None:
    page = desk.open(order)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = false; })")
    page.locator("#findings a").first.click()
    assert page.locator(":target", has_text="CSH01").is_visible()
    last = page.locator(".explained .loop .items li").last.get_attribute("id")
    page.evaluate(f"location.hash = '#{last}'")
    page.wait_for_function("document.querySelector(':target').checkVisibility()")


def test_a_finger_lights_first_and_follows_then(order: str, desk: Desk) -> None:
    page = desk.open(order, width=390, height=844, has_touch=True, is_mobile=True)
    element = page.locator(".raw a", has_text=NUMBER)
    element.tap()
    assert f'"{NUMBER}"' in lit(page)
    assert "#" not in page.url
    assert page.locator("#bar").is_visible()
    element.tap()
    assert page.url.endswith(f"#e{number_in(page, '.raw')[1:]}")


def test_links_lead_there_and_back_without_script(order: str, desk: Desk) -> None:
    page = desk.open(order, java_script_enabled=False)
    page.locator(".raw a", has_text=NUMBER).click()
    entry = page.locator(":target")
    assert "Purchase Order Number" in entry.inner_text()
    entry.locator("a.p").click()
    assert page.locator(":target").inner_text() == f'"{NUMBER}"'
    page.locator(":target").click()
    assert page.locator(":target").inner_text() == NUMBER
    assert not page.locator("#bar").is_visible()


def test_what_is_copied_of_the_raw_text_is_the_raw_text(tmp_path: Path, desk: Desk) -> None:
    data = GUEST.read_bytes().replace(b"~\n", b"~")  # one long line: no line break may come in
    place = tmp_path / "order.html"
    place.write_text(written(annotated(data), title="order"), encoding="utf-8")
    page = desk.open(place.as_uri())
    copied = page.evaluate("""() => {
        const raw = document.querySelector(".raw");
        getSelection().selectAllChildren(raw);
        const event = new ClipboardEvent("copy", { clipboardData: new DataTransfer(), bubbles: true, cancelable: true });
        raw.firstChild.dispatchEvent(event);
        return event.clipboardData.getData("text/plain");
    }""")
    assert copied == data.decode()


@pytest.mark.parametrize("width", [320, 390, 768])
def test_a_narrow_window_scrolls_one_way_only(width: int, desk: Desk, tmp_path: Path) -> None:
    data = GUEST.read_bytes().replace(b"100 EXAMPLE AVE", b"X" * 300)
    data += (ROOT / "samples/pallets/6-856.edi").read_bytes()
    place = tmp_path / "order.html"
    place.write_text(written(annotated(data), title="a-very-long-name-of-a-file-" * 8), encoding="utf-8")
    page = desk.open(place.as_uri(), width=width, height=800)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_prints(order: str, desk: Desk) -> None:
    page = desk.open(order, color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(228, 228, 224)"
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.locator("nav").evaluate_all("all => all.filter(one => one.checkVisibility())") == []
    assert page.evaluate("[...document.querySelectorAll('.pane')].every((one) => one.scrollHeight <= one.clientHeight + 1)")
    assert page.pdf().startswith(b"%PDF")


def test_a_policy_that_permits_the_nonce_alone_is_enough(tmp_path: Path, desk: Desk) -> None:
    text = written(annotated(GUEST.read_bytes()), title="order", nonce="c2VjcmV0")
    policy = "default-src 'none'; style-src 'nonce-c2VjcmV0'; script-src 'nonce-c2VjcmV0'"
    place = tmp_path / "order.html"
    head = f'<meta charset=utf-8>\n<meta http-equiv=Content-Security-Policy content="{policy}">'
    place.write_text(text.replace("<meta charset=utf-8>", head), encoding="utf-8")
    page = desk.open(place.as_uri())
    page.locator(".raw a", has_text=NUMBER).hover()
    assert f'"{NUMBER}"' in lit(page)
    assert page.evaluate("getComputedStyle(document.querySelector('.raw .s')).display") == "block"


def test_it_has_the_landmarks_that_a_screen_reader_goes_by(order: str, desk: Desk) -> None:
    page = desk.open(order)
    levels = page.locator("h1, h2, h3, h4").evaluate_all("all => all.map((one) => Number(one.tagName[1]))")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert [page.locator(name).count() for name in ("main", "header", "h1")] == [1, 1, 1]
    names = page.locator("section, nav, [role=region]").evaluate_all(
        "all => all.filter((one) => !one.classList.contains('segment') && !one.classList.contains('rule'))"
        ".map((one) => one.getAttribute('aria-label') || document.getElementById(one.getAttribute('aria-labelledby')).textContent)"
    )
    assert len(set(names)) == len(names)

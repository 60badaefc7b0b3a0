"""The local page in a browser: a file is dropped, pasted, answered and downloaded, with and without script, wide and narrow."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import ROOT, Desk
from playwright.sync_api import Page, expect

import translator

GUEST = ROOT / "samples/guest/1-850.edi"
GIVEN = {
    "id": "SH1", "ship_date": "2026-03-09", "references.bill_of_lading.id": "B1", "ship_from.name": "SAMPLE SUPPLY CO",
    "gs1_prefix": "0614141", "serial": "70401", "control": "7",
}  # fmt: skip
REFUSED = "Failed to load resource: the server responded with a status of {}"


@pytest.fixture(scope="session")
def here() -> Iterator[str]:
    """A page that is served, at a free port of this computer."""
    command = [sys.executable, "-m", "translator", "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        yield f"http://127.0.0.1:{said.split('127.0.0.1:')[1].split('/')[0]}/"
        process.terminate()


def chosen(desk: Desk, here: str, button: str, **how: object) -> Page:
    """The guest's order given to the start page."""
    page = desk.open(here, own=here, **how)
    page.set_input_files("#file", GUEST)
    page.get_by_role("button", name=button).click()
    return page


def filled(page: Page, **others: str) -> None:
    for name, value in (GIVEN | others).items():
        page.fill(f'[name="{name}"]', value)
    page.select_option('[name="carrier.name"]', "UPS Ground")


def refused(desk: Desk, status: str) -> None:
    """The console says once that a page came with this status, and nothing else."""
    assert [one for one in desk.wrong if not one.startswith(REFUSED.format(status))] == []
    assert desk.wrong
    desk.wrong.clear()


def no_wider(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_file_is_dropped_and_shown(desk: Desk, here: str) -> None:
    page = desk.open(here, own=here)
    page.evaluate(
        """text => {
            const moved = new DataTransfer();
            moved.items.add(new File([text], "order.edi"));
            for (const kind of ["dragover", "drop"])
                document.body.dispatchEvent(new DragEvent(kind, {dataTransfer: moved, bubbles: true, cancelable: true}));
        }""",
        GUEST.read_text(),
    )
    expect(page.locator("#chosen")).to_contain_text("order.edi")
    expect(page.get_by_role("button", name="Show what it says")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("What this X12 says")
    expect(page.get_by_text("READING CHAIR").first).to_be_visible()


def test_the_policy_lets_the_page_work_and_nothing_else(desk: Desk, here: str) -> None:
    """The console would say what the policy refuses; a handler that somebody smuggles in does nothing."""
    page = chosen(desk, here, "Show what it says")
    page.locator(".raw a", has_text="0009-3300145-1001").first.hover()
    expect(page.locator(".lit").first).to_be_visible()
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<button onclick=\"window.forged = 1\">x</button>')")
    page.evaluate("document.body.lastElementChild.click()")
    assert page.evaluate("window.forged === undefined")
    assert any("Content Security Policy" in one for one in desk.wrong)
    desk.wrong.clear()


@pytest.mark.parametrize("script", [True, False])
def test_an_order_is_answered_and_the_file_is_what_was_shown(desk: Desk, here: str, script: bool, tmp_path: Path) -> None:
    page = chosen(desk, here, "Show what it says", java_script_enabled=script)
    page.get_by_role("button", name="Answer the order").click()
    page.get_by_role("button", name="Make its ship notice").click()
    page.get_by_role("button", name="Make the ship notice").click()
    expect(page.get_by_role("alert")).to_contain_text("It is not ready yet")
    refused(desk, "422")
    page.get_by_role("alert").get_by_role("link", name="Shipment number").click()
    assert page.url.endswith("#id")
    filled(page)
    page.get_by_role("button", name="Make the ship notice").click()
    expect(page.get_by_role("heading", name="It is ready")).to_be_visible()
    expect(page.get_by_text("70402")).to_be_visible()
    with page.expect_download() as waited:
        page.get_by_role("button", name="Download").click()
    assert waited.value.suggested_filename == "ship-notice-7.edi"
    file = tmp_path / "sent.edi"
    waited.value.save_as(file)
    document = next(translator.read(file)).document
    assert document is not None
    assert (document["id"], document["envelope"]["control"]["interchange"]) == ("SH1", "000000007")
    assert not list(translator.check(file))
    page.get_by_role("button", name="Change something").click()
    expect(page.locator('[name="serial"]')).to_have_value("70401")


def test_an_error_stands_at_its_field(desk: Desk, here: str) -> None:
    page = chosen(desk, here, "Answer the order")
    page.get_by_role("button", name="Make its ship notice").click()
    filled(page, **{"references.bill_of_lading.id": "B*1"})
    page.get_by_role("button", name="Make the ship notice").click()
    field = page.get_by_label("Bill of lading (BOL)", exact=True)
    expect(field).to_have_value("B*1")
    expect(field).to_have_attribute("aria-invalid", "true")
    about = field.get_attribute("aria-describedby") or ""
    expect(page.locator(f"#{about.split()[-1]}")).to_contain_text("holds the character *")
    refused(desk, "422")


def test_text_is_pasted_with_the_keyboard_alone(desk: Desk, here: str) -> None:
    page = desk.open(here, own=here)
    page.get_by_text("Or paste the text").focus()
    page.keyboard.press("Enter")
    page.get_by_label("The whole text").focus()
    page.keyboard.insert_text(GUEST.read_text())
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Make its invoice")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_scrolls_no_page_sideways(desk: Desk, here: str, scheme: str) -> None:
    page = desk.open(here, own=here, width=390, color_scheme=scheme)
    no_wider(page)
    page.set_input_files("#file", GUEST)
    page.get_by_role("button", name="Answer the order").click()
    no_wider(page)
    page.get_by_role("button", name="Make its acknowledgment").click()
    no_wider(page)
    page.fill('[name="control"]', "9")
    page.get_by_role("button", name="Make the acknowledgment").click()
    expect(page.get_by_role("heading", name="It is ready")).to_be_visible()
    no_wider(page)


def test_a_form_of_another_site_is_refused(desk: Desk, here: str) -> None:
    """A page from a file has no origin of ours: what it sends is not looked at."""
    page = desk.open("about:blank", own="")
    page.set_content(f'<form method=post action="{here}inspect" enctype="multipart/form-data"><button>go</button></form>')
    page.get_by_role("button", name="go").click()
    expect(page.get_by_role("alert")).to_contain_text("did not begin on this page")
    refused(desk, "403")


def test_the_page_is_framed_by_nobody(desk: Desk, here: str) -> None:
    page = desk.open("about:blank", own="")
    page.set_content(f'<iframe src="{here}"></iframe>')
    page.wait_for_load_state("networkidle")
    assert not any(frame.locator("form").count() for frame in page.frames[1:])
    desk.wrong.clear()


def test_the_guide_is_read_beside_the_inspector(desk: Desk, here: str) -> None:
    page = chosen(desk, here, "Show what it says")
    page.get_by_role("link", name="BEG Beginning Segment for Purchase Order").click()
    expect(page.locator("h1")).to_contain_text("850")
    expect(page.locator(":target")).to_contain_text("Purchase Order Number")
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Findings").click()
    expect(page.locator("h1")).to_have_text("Findings")
    no_wider(page)
    page.get_by_role("link", name="Inspector").click()
    expect(page.locator("#file")).to_be_visible()


@pytest.mark.parametrize("width", [320, 390, 768])
def test_a_narrow_window_scrolls_no_guide_sideways(desk: Desk, here: str, width: int) -> None:
    for address in ("guide", "guide/findings", "guide/target/850", "guide/target/partner", "guide/documents/order"):
        page = desk.open(f"{here}{address}", own=here, width=width)
        no_wider(page)
        levels = page.locator("h1, h2, h3, h4").evaluate_all("all => all.map((one) => Number(one.tagName[1]))")
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))

"""The local page for tests: asked without a server, its forms read out of its pages and sent back as a browser would.

A form is what stands in the page: whoever fills it in names fields that are there. Nothing is checked here.
"""

from __future__ import annotations

import asyncio
import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx

from translator.serve.app import Page, application
from translator.serve.guard import Limits

PORT = 8765
HERE = f"http://127.0.0.1:{PORT}"
NOW = datetime.datetime(2026, 3, 9, 15, 40)
SAMPLES = Path(__file__).parents[1] / "samples"


class Form:
    """A form of a page: where it goes, what stands in its fields, and what its buttons say, each with where it goes."""

    def __init__(self, action: str) -> None:
        self.action = action
        self.fields: dict[str, str] = {}
        self.choices: dict[str, list[str]] = {}
        self.buttons: dict[str, str] = {}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.text: list[str] = []
        self.selected = ""
        self.button: str | None = None
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in attrs}
        self.silent += tag in ("style", "script")
        if tag == "form":
            self.forms.append(Form(about["action"]))
        if not self.forms:
            return
        form = self.forms[-1]
        if tag == "input" and about.get("type") not in ("file",) and (about.get("type") != "checkbox" or "checked" in about):
            form.fields[about["name"]] = about.get("value", "")
        if tag == "select":
            self.selected = about["name"]
            form.choices[self.selected] = []
        if tag == "option":
            form.choices[self.selected].append(about["value"])
            if "selected" in about or len(form.choices[self.selected]) == 1:
                form.fields[self.selected] = about["value"]
        if tag == "button":
            self.button = about.get("formaction", form.action)

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        self.text.append(data)
        if self.button is not None:
            self.forms[-1].buttons[data] = self.button
            self.button = None


class Answer:
    """What came back: the response, the words on it, and its forms."""

    def __init__(self, response: Any) -> None:
        self.response = response
        self.status, self.headers, self.html = response.status_code, response.headers, response.text
        reader = _Reader()
        if "html" in response.headers.get("content-type", ""):
            reader.feed(response.text)
        self.forms = reader.forms
        self.words = " ".join(" ".join(reader.text).split())

    def form(self, button: str) -> tuple[Form, str]:
        """The form that has this button, and where the button sends it."""
        for form in self.forms:
            for words, action in form.buttons.items():
                if words.startswith(button):
                    return form, action
        raise AssertionError(f"no button {button!r}: {[list(form.buttons) for form in self.forms]}")


class Browser:
    """Somebody at this computer. ``headers`` are what a browser says of where a request comes from."""

    def __init__(self, folder: Path | None = None, limits: Limits | None = None, mappings: Path | None = None) -> None:
        self.page = Page(folder, mappings, now=lambda: NOW)
        self.app = application(PORT, limits=limits, page=self.page)
        self.headers = {"origin": "null", "sec-fetch-site": "same-origin"}

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """A request of whatever kind."""

        async def asked() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=HERE) as client:
                return await client.request(method, path, **options)

        return asyncio.run(asked())

    def get(self, path: str = "/", **headers: str) -> Answer:
        return Answer(self.request("GET", path, headers=headers))

    def post(self, path: str, fields: dict[str, str] | None = None, file: bytes | None = None, **headers: str) -> Answer:
        """A form as a browser sends it, with the page's own token."""
        sent: dict[str, Any] = {name: (None, value) for name, value in ({"token": self.page.token} | (fields or {})).items()}
        if file is not None:
            sent["file"] = ("order.edi", file, "application/octet-stream")
        return Answer(self.request("POST", path, files=sent, headers=self.headers | headers))

    def press(self, page: Answer, button: str, file: bytes | None = None, **fields: str) -> Answer:
        """Fill in a form and press its button; a field of the form is named with _ for what a name cannot have."""
        form, action = page.form(button)
        given = dict(form.fields)
        for name, value in fields.items():
            known = [one for one in [*form.fields, "loose", "text"] if plain(one) == name]
            assert known, f"{name}: {list(form.fields)}"
            given[known[0]] = value
        return self.post(action, given, file)

    def drafted(self, story: str, button: str) -> Answer:
        """The form of an answer to a sample order, as it comes."""
        listed = self.press(self.get(), "Answer the order", (SAMPLES / story / "1-850.edi").read_bytes())
        return self.press(listed, button)


def plain(name: str) -> str:
    """A field's name as a word of Python: ``order.lines[0].quantity`` is ``order_lines_0_quantity``."""
    return "_".join(part for part in name.replace("[", ".").replace("]", ".").split(".") if part)

"""A real browser on a real server: nothing leaves this machine, nothing is complained about.

``visit`` opens a page and gives it to the test. When the test is over it fails for any request that
was not to the server under test (none is let through), any message of error in the console, any
report of the content security policy, and any exception of a script. Chromium is the system's.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from live import serving
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Route,
    sync_playwright,
)

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "assets" / "node_modules" / "axe-core" / "axe.min.js"
REPORT = """addEventListener("securitypolicyviolation", (e) =>
  console.error("policy: " + e.violatedDirective + " " + e.blockedURI + " " + e.sample));"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of a server of this repository's dataset, with a slash at its end."""
    with serving(ROOT, "--rate", "10000") as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium")
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=program, args=flags)


class Visits:
    """Opens pages; `complaints` is what must not have happened on them."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.complaints: list[str] = []
        self.address = address
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    def __call__(
        self,
        path: str,
        *,
        width: int = 1280,
        height: int = 900,
        javascript: bool = True,
        language: str = "en",
        status: int = 200,
        **more: Any,
    ) -> Page:
        """A page opened at `path`, whose status must be `status`; other names go to the context."""
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            locale=language,
            **more,
        )
        self._contexts.append(context)
        context.add_init_script(REPORT)
        context.route("**/*", self._only_here)
        page = context.new_page()

        def heard(message: ConsoleMessage) -> None:
            at = message.location.get("url", "").partition("#")[0]
            missing = message.text.startswith("Failed to load resource")
            if status >= 400 and missing and at == page.url.partition("#")[0]:
                return  # the page is the error that was expected
            if message.type == "error":
                self.complaints.append(f"{page.url}: {message.text} ({message.location})")

        page.on("console", heard)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        answer = page.goto(self.address + path, wait_until="load")
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        return page

    def _only_here(self, route: Route) -> None:
        if route.request.url.startswith(self.address):
            route.continue_()
        else:
            self.complaints.append(f"a request to {route.request.url}")
            route.abort()

    def close(self) -> None:
        """Close what was opened."""
        for context in self._contexts:
            context.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visits]:
    """``visit("page/x", width=360, javascript=False, language="tr")`` opens and watches a page."""
    visits = Visits(browser, address)
    yield visits
    visits.close()
    assert visits.complaints == []


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    assert AXE.is_file(), "make assets"
    return AXE.read_text(encoding="utf-8")

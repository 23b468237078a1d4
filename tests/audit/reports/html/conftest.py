"""A real browser, without a window, for the tests of the page; and pages as files."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from audit.reports.html.sample_fleet import sample_devices

from translator.audit.model import DeviceAudit
from translator.audit.reports import Heading
from translator.audit.reports.html import write
from translator.plan.load import load_plan

HEADING = Heading("lync-2013", "0.1.0", "2026-11-22T22:30:00Z")

_REFUSED = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.refused.push(`${event.violatedDirective} ${event.blockedURI}`);
});
"""


def page_text(devices: Iterable[DeviceAudit]) -> str:
    """Return the page of some devices."""
    return "".join(write(HEADING, devices, load_plan("lync-2013")))


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium as the system packages it."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no chromium here: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        # A container's root has no sandbox of its own; the pages are ours.
        running = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="session")
def sample_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the sample fleet."""
    path = tmp_path_factory.mktemp("pages") / "sample.html"
    path.write_text(page_text(sample_devices()), encoding="utf-8")
    return path


@dataclass
class Opened:
    """A page in the browser and everything that it should not have done."""

    page: Any
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def typed(self) -> None:
        """Wait for the pause after the last key, then for what it brings."""
        self.page.wait_for_timeout(170)
        self.drawn()

    def drawn(self) -> None:
        """Wait until the script has shown what the filters ask for."""
        self.until(
            "document.documentElement.dataset.drawn === document.documentElement.dataset.turn"
        )

    def until(self, expression: str) -> None:
        """Wait until an expression holds; a script that waits in the page its policy forbids."""
        for _ in range(500):
            if self.page.evaluate(expression):
                return
            self.page.wait_for_timeout(20)
        raise AssertionError(f"never came true: {expression}")

    @property
    def names(self) -> list[str]:
        """The names of the devices that are listed."""
        found = self.page.locator("#devices > details > summary h3").all_inner_texts()
        return [name.strip() for name in found]

    @property
    def rows(self) -> int:
        """How many rows the matrix has."""
        return int(self.page.locator("#matrix tbody tr").count())

    def complaints(self) -> list[str]:
        """Return what the console said, what was fetched and what the policy refused."""
        refused = self.page.evaluate("window.refused")
        return [*self.said, *self.asked, *refused]


OpenPage = Callable[..., Opened]


@pytest.fixture
def open_page(browser: Any) -> Iterator[OpenPage]:
    """Open a file with an anchor, in a profile of its own."""
    contexts = []

    def opening(path: Path, anchor: str = "", **options: Any) -> Opened:
        context = browser.new_context(**{"reduced_motion": "reduce", **options})
        contexts.append(context)
        context.add_init_script(_REFUSED)
        opened = Opened(context.new_page())
        opened.page.set_default_timeout(15_000)
        opened.page.on("console", lambda message: opened.said.append(message.text))
        opened.page.on("pageerror", lambda error: opened.said.append(str(error)))
        own = path.as_uri()
        opened.page.on(
            "request",
            lambda request: (
                None if request.url.split("#")[0] == own else opened.asked.append(request.url)
            ),
        )
        opened.page.goto(own + anchor)
        if options.get("java_script_enabled", True):
            opened.drawn()
        return opened

    yield opening
    for context in contexts:
        context.close()

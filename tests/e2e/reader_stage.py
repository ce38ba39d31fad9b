"""A stage for whole days with the reader: the sample publisher, `unabridged serve` as a child, and browsers.

READER_PICTURES names a folder into which the walk puts a picture of each page that it shows.
"""

import os
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.serve.browser_stage import keep_picture
from tests.serve.running_app import CHROMIUM, CHROMIUM_FLAGS, in_thread
from unabridged.sample.server import SamplePublisher

with warnings.catch_warnings(record=True):  # it uses names of authlib that will go
    from oidc_provider_mock import User, run_server_in_thread

DESK: Mapping[str, Any] = {"viewport": {"width": 1440, "height": 900}}
PHONE: Mapping[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
IMAGES_ARE_THERE = """() => [...document.images].every(
  image => image.getBoundingClientRect().top > innerHeight || (image.complete && image.naturalWidth > 0))"""
SITES = ("quillhaven", "qingshiwan", "brevance")


@dataclass
class Person:
    """Somebody at a browser. trouble: errors of the console, and requests to other hosts."""

    name: str
    stage: "Stage"
    context: BrowserContext
    page: Page
    trouble: list[str] = field(default_factory=list)
    is_offline: bool = False

    def set_offline(self, is_offline: bool) -> None:
        self.is_offline = is_offline
        self.context.set_offline(is_offline)

    def open(self, path: str) -> None:
        self.page.goto(self.stage.address + path)

    def picture(self, name: str) -> None:
        """Keep a picture of the page, where pictures are wanted."""
        if "READER_PICTURES" in os.environ:
            self.page.wait_for_function(IMAGES_ARE_THERE)
            self.page.wait_for_timeout(400)  # of movements
            keep_picture(self.page, name)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def watch(self, page: Page) -> None:
        page.on("console", lambda said: self._note(page, said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self._note(page, str(error)))
        page.on("request", lambda asked: self._note_request(page, asked.url))

    def _note(self, page: Page, text: str) -> None:
        if page.url.startswith(self.stage.address) and not (self.is_offline and "Failed to load" in text):
            self.trouble.append(f"{page.url}: {text}")

    def _note_request(self, page: Page, url: str) -> None:
        ours = (f"{self.stage.address}/", f"{self.stage.issuer}/oauth2/authorize?", "blob:", "data:")
        if page.url.startswith(self.stage.address) and not url.startswith(ours):
            self.trouble.append(f"{page.url} asked {url}")


@dataclass
class Stage:
    """The running program. first: the one-time address of the first account; home: its data folder."""

    publisher: SamplePublisher
    address: str
    first: str
    issuer: str
    home: Path
    browser: Browser
    people: list[Person] = field(default_factory=list)

    def person(self, name: str, options: Mapping[str, Any]) -> Person:
        context = self.browser.new_context(**options, accept_downloads=True)
        page = context.new_page()
        person = Person(name=name, stage=self, context=context, page=page)
        context.on("page", person.watch)
        person.watch(page)
        page.route(
            lambda url: "//localhost:" not in url, lambda route: route.abort()
        )  # the provider's styles
        self.people.append(person)
        return person

    def site(self, name: str) -> str:
        """Return the address of a site of the publisher."""
        return self.publisher.site(name).origin


@contextmanager
def reader_stage(home: Path) -> Iterator[Stage]:
    """Run the publisher, a login provider and the program, as somebody would who lets others in."""
    users = [User(sub=f"{name}-1", claims={"preferred_username": name}) for name in ("ada", "bo")]
    publisher = SamplePublisher(SITES, cases=["edit"], step=3600.0)
    with in_thread(publisher), run_server_in_thread(user_claims=users) as provider:
        issuer = f"http://localhost:{provider.server_port}"
        settings = {
            "HOME": home,
            "FETCH_ALLOW_PRIVATE": ",".join(publisher.hosts),
            "FETCH_PER_HOST_GAP": 0,
            "SERVE_LOGIN": "always",
            "SERVE_OIDC_ISSUER": issuer,
            "SERVE_OIDC_CLIENT_ID": "reader",
            "SERVE_OIDC_CLIENT_SECRET": "hush",
            "SERVE_OIDC_NAME": "Example",
        }
        own = {f"UNABRIDGED_{name}": str(value) for name, value in settings.items()}
        command = [sys.executable, "-m", "unabridged", "serve", "--port", "0"]
        with (
            subprocess.Popen(command, env=os.environ | own, stdout=subprocess.PIPE, text=True) as process,
            sync_playwright() as driver,
        ):
            try:
                first, address = _addresses(process)
                browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))
                yield Stage(publisher, address, first, issuer, home, browser)
                browser.close()
            finally:
                process.terminate()


def _addresses(process: "subprocess.Popen[str]") -> tuple[str, str]:
    """Read the one-time address and the address of the app from what the program prints."""
    assert process.stdout is not None
    address = ""
    for line in process.stdout:
        found = re.search(r"(http://[^/\s]+)(/invitation/\S+)?", line)
        if found and found[2]:
            return found[2], address
        address = found[1].replace("127.0.0.1", "localhost") if found else address
    raise AssertionError("the program printed no address")


def run_program(*arguments: object) -> "subprocess.CompletedProcess[str]":
    """Run a command of the program, away from every archive."""
    command = [sys.executable, "-m", "unabridged", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

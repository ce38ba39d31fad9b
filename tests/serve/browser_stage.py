"""A reader in a browser whose complaints are noted; pictures of pages; a device that makes passkeys."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

from tests.serve.running_app import Desk

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass(slots=True)
class BrowserStage:
    """The app at an address, and a browser. trouble: what the browser complained of."""

    desk: Desk
    address: str
    browser: Browser
    trouble: list[str] = field(default_factory=list)

    def open(self, path: str, **options: Any) -> Page:
        page = self.browser.new_context(**options).new_page()
        page.on("console", lambda said: self.trouble.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.goto(self.address + path)
        return page


def keep_picture(page: Page, name: str, **options: Any) -> None:
    """Keep a picture of a page in the folder that READER_PICTURES names; without it, none."""
    if folder := os.environ.get("READER_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", **options)


def add_authenticator(page: Page) -> tuple[CDPSession, str]:
    """Give a browser a device that makes passkeys; returns how to talk to it, and its number."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return session, made["authenticatorId"]

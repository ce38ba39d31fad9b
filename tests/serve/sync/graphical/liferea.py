"""Liferea 1.14.4 of Debian bookworm, with a Google Reader account in its list of feeds, driven by keys."""

from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from tests.serve.sync.graphical.screen import Screen, query

TREE = (90, 80)
"""A place on the first row of the list of feeds."""

NEW_SUBSCRIPTION = (110, 45)
"""A place on its button."""

SCHEMAS = "/usr/share/glib-2.0/schemas"
COMPILER = "/usr/lib/x86_64-linux-gnu/glib-2.0/glib-compile-schemas"


@dataclass
class Liferea:
    """A running Liferea with an empty folder of its own."""

    screen: Screen

    def start(self, address: str, name: str, password: str) -> None:
        """Start with an account of the kind Google Reader API, as its dialog would have saved it."""
        home = self.screen.home
        account = {
            "title": "Whole articles",
            "type": "source",
            "id": "account",
            "sourceType": "fl_google_reader",
            "xmlUrl": address,
            "username": name,
            "password": password,
        }
        attributes = " ".join(f"{key}={quoteattr(value)}" for key, value in account.items())
        (home / "config" / "liferea").mkdir(parents=True)
        (home / "config" / "liferea" / "feedlist.opml").write_text(
            f'<opml version="1.0"><head/><body><outline {attributes}/></body></opml>'
        )
        (home / "schemas").mkdir()
        self.screen.run(COMPILER, f"--targetdir={home / 'schemas'}", SCHEMAS)
        variables = {
            "GSETTINGS_SCHEMA_DIR": str(home / "schemas"),
            "GSETTINGS_BACKEND": "memory",
            "GDK_BACKEND": "x11",
            "NO_AT_BRIDGE": "1",
            "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
        }
        self.screen.start("dbus-run-session", "--", "liferea", more=variables)

    def read_next(self) -> None:
        """Go to the next unread article of all feeds."""
        self.screen.click(*TREE)
        self.screen.press("ctrl+n")

    def star(self) -> None:
        self.screen.press("ctrl+t")

    def subscribe(self, address: str) -> None:
        """Subscribe to a feed beside the first of the account's."""
        self.screen.click(*TREE)
        self.screen.press("plus", "Down")
        self.screen.click(*NEW_SUBSCRIPTION)
        self.screen.focus("New Subscription")
        self.screen.type(address)
        self.screen.press("Return")

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """Ask its database."""
        return query(self.screen.home / "share" / "liferea" / "liferea.db", sql)

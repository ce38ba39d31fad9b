"""RSS Guard 4.0.4 of Debian bookworm: its dialog makes an account; keys read and mark articles."""

from dataclasses import dataclass

from tests.serve.sync.graphical.screen import Screen, query

CONFIG = """[main]
first_run=false
first_run_4.0.4=false

[gui]
window_position=@Point(0 0)
window_size=@Size(1200 800)

[keyboard]
m_actionUpdateAllItems=F6
m_actionSelectNextItem=F7
m_actionSelectNextMessage=F8
m_actionSwitchImportanceOfSelectedMessages=F9
m_actionExpandCollapseItemRecursively=F10
"""
"""Settings of a person who has no dialogs of a first start, and has set keys for what has none."""

DIALOG = "Add new account"
"""Title of the dialog that asks for the kind, and of the next, which asks for the account."""

TABS_TO_NAME = 7
"""Fields of its dialog between the address and the name."""

VARIABLES = {"QT_QPA_PLATFORM": "xcb", "QTWEBENGINE_DISABLE_SANDBOX": "1"}


@dataclass
class RssGuard:
    """A running RSS Guard with an empty folder of its own."""

    screen: Screen

    def start(self) -> None:
        data = self.screen.home / "data"
        (data / "config").mkdir(parents=True)
        (data / "config" / "config.ini").write_text(CONFIG)
        self.screen.start("rssguard", "-d", str(data), more=VARIABLES)

    def add_account(self, address: str, name: str, password: str) -> None:
        """Make a FreshRSS account in the dialog that it opens without accounts, and wait for its feeds."""
        kinds = self.screen.focus(DIALOG)
        self.screen.type("Goo")  # Google Reader API
        self.screen.press("Return")
        self.screen.focus(DIALOG, but=kinds)
        self.screen.type(address)
        self.screen.press(*["Tab"] * TABS_TO_NAME)
        self.screen.type(name)
        self.screen.press("Tab")
        self.screen.type(password)
        self.screen.press("Return")
        self.screen.wait(lambda: self.query("SELECT 1 FROM Feeds"), "showing feeds")

    def fetch(self) -> None:
        """Fetch all feeds; marks that wait are sent first."""
        self.screen.focus("RSS Guard 4")
        self.screen.press("F6")

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """Ask its database."""
        return query(self.screen.home / "data" / "database" / "database.db", sql)

    def read_next(self) -> None:
        """Go to the first article of the whole account."""
        self.screen.focus("RSS Guard 4")
        self.screen.press("F7", "F8")

    def star(self) -> None:
        self.screen.press("F9")

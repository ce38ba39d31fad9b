"""`list` and lists of subscriptions."""

import json
from pathlib import Path

from tests.cli.commands.newspaper import output
from tests.cli.tools import Run, Site


def test_opml_brings_subscriptions_with_their_folders(run: Run, paper: Site, tmp_path: Path) -> None:
    opml = tmp_path / "subscriptions.opml"
    opml.write_text(
        f'<opml version="2.0"><body><outline text="News"><outline type="rss" text="Mine" '
        f'xmlUrl="{paper.origin}/rss"/></outline></body></opml>'
    )
    output(run("add", str(opml), "--no-read"))
    (subscription,) = json.loads(output(run("--json", "list")))
    assert (subscription["title"], subscription["folder"]) == ("Mine", "News")

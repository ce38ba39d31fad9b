"""A site of our own with a feed, articles and pages that fail, and apps that may read it."""

from dataclasses import replace
from typing import Any

from tests.serve.running_app import Desk, Shelf, letting_in
from unabridged.config import FullTextSettings, Settings

STORY = (
    "The harbour froze on Tuesday night for the first time in forty years, and by breakfast the ferry lay at "
    "its moorings with a collar of ice that nobody on the quay had a tool for.",
    "Ruth Penhale, who sells tickets from the hut at the end of the pier, opened at seven as usual. She sold "
    "none, but lent her kettle to the crew, and wrote the temperature on the board where the fares are.",
    "The last winter like it was in 1987. Then the council hired a tug from down the coast, which broke a "
    "lane through the ice twice a day and sent a bill that the town still talks about.",
    "This time there is no tug to hire. The engineers expect the thaw on Friday, with rain from the west, "
    "and until then the mail goes round by the bridge, an hour and a quarter each way.",
)
LAST = "an hour and a quarter each way"
LINKED = (
    '<p>Read the <a href="https://other.example/tide?a=1&amp;b=2">tables of the tide</a> for the rest.</p>'
)
CHINESE = (
    "桂花巷口那间三平方米的铺子，晴天几乎没有人注意。等到雨下起来，行人躲到屋檐下，才会抬头看见满墙的伞。" * 6
)
KEY = "a-secret-of-16-characters"
FURNITURE = "Subscribe to our newsletter"


def page(title: str, body: str, language: str = "en") -> bytes:
    """A page of the site, with furniture around its article."""
    return (
        f'<!doctype html><html lang="{language}"><head><title>{title} - Harbour Post</title>'
        '<meta property="og:site_name" content="Harbour Post"><meta name="author" content="Ada Quay">'
        f'<meta property="og:title" content="{title}">'
        '<meta property="og:description" content="Ice, and no tug.">'
        '<meta property="article:published_time" content="2026-03-18T08:00:00+01:00">'
        '<meta property="og:image" content="https://img.example/ice.jpg"></head>'
        f"<body><nav><a href=/>Home</a></nav><article><h1>{title}</h1>{body}</article>"
        f"<aside>{FURNITURE}</aside></body></html>"
    ).encode()


def fill(shelf: Shelf) -> Shelf:
    """Put the site on a shelf."""
    text = "".join(f"<p>{part}</p>" for part in STORY)
    items = "".join(
        f"<item><title>{title}</title><link>{shelf.origin}{path}</link><guid>{shelf.origin}{path}</guid>"
        "<description>Three lines only.</description><category>Weather</category></item>"
        for title, path in (
            ("A frozen harbour", "/story?id=1&amp;utm_source=feed"),
            ("老街修伞人", "/chinese"),
            ("A page that fails", "/gone"),
        )
    )
    feed = (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour Post</title>'
        f"<link>{shelf.origin}/</link><description>Daily news</description>{items}</channel></rss>"
    )
    cards = "".join(
        f'<div class="card"><h3>Card {n}</h3><a href="/more">More</a>'
        f'<a class="story" href="/news/{n}?s=1">open</a>'
        f'<time datetime="2026-03-0{n}">{n}/3/2026</time><p>About {n}</p><img src="/{n}.png"></div>'
        for n in (1, 2, 3)
    )
    html = "text/html; charset=utf-8"
    shelf.answers = {
        "/feed.xml": ("application/rss+xml", feed.encode()),
        "/empty.xml": (
            "application/rss+xml",
            b'<rss version="2.0"><channel><title>x</title></channel></rss>',
        ),
        "/story": (html, page("A frozen harbour", text + LINKED)),
        "/chinese": (html, page("老街修伞人", f"<p>{CHINESE}</p><p>{CHINESE}</p>", "zh-CN")),
        "/cards": (html, f"<html><title>Cards</title><body>{cards}</body></html>".encode()),
        "/nothing.txt": ("text/plain", b"just words"),
    }
    return shelf


def settings_for(desk: Desk, **full_text: Any) -> Settings:
    """Settings with a login, that let the app read a site on loopback. full_text: of the services."""
    settings = letting_in(desk.settings, "127.0.0.1")
    return replace(
        settings,
        serve=replace(settings.serve, login="always"),
        full_text=FullTextSettings(**({"keys": (f"plugin:{KEY}",)} | full_text)),
    )

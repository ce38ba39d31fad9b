"""A newspaper of a few stories."""

from pathlib import Path

from tests.cli.tools import Canned, Done, Site

# ruff: noqa: E501
STORY = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} | The Small Paper</title>
<meta property="og:site_name" content="The Small Paper"><meta name="author" content="Ada Quill">
<meta property="article:published_time" content="2025-03-0{n}T08:30:00+01:00"></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li><li><a href="/help">Help</a></li></ul></nav>
<main><article><h1>{title}</h1><p class="byline">By Ada Quill</p>
{paragraphs}
</article></main><footer><p><a href="/terms">Terms</a> <a href="/privacy">Privacy</a></p></footer></body></html>"""


SENTENCES = (
    "The ferry left the harbour before dawn, as it has for forty years, and nobody on the quay looked up.",
    "In the wheelhouse the captain drank her tea standing, one hand on the brass rail, watching the tide turn.",
    "Two schoolteachers, a crate of hens and the doctor's bicycle made up the whole of the morning's cargo.",
    "Halfway across the engine coughed twice, fell silent, and then, to general relief, began again.",
    "When they tied up at the island, the baker was already waiting with the bread and a list of complaints.",
)


def story(n: int, extra: str = "") -> Canned:
    lines = (f"<p>Paragraph {i} of story {n}: {sentence}</p>" for i, sentence in enumerate(SENTENCES, 1))
    paragraphs = "\n".join(lines) + extra
    return Canned(body=STORY.format(title=f"The ferry, part {n}", n=n, paragraphs=paragraphs).encode())


def feed(site: Site, numbers: range) -> Canned:
    items = "".join(
        f"<item><title>The ferry, part {n}</title><link>{site.origin}/story/{n}</link><guid>story-{n}</guid>"
        f"<pubDate>Mon, 0{n} Mar 2025 07:30:00 GMT</pubDate><description>The ferry left…</description></item>"
        for n in numbers
    )
    body = (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>The Small Paper</title><link>{site.origin}/</link>'
        f"<description>Short</description>{items}</channel></rss>"
    )
    return Canned(body=body.encode(), type="application/rss+xml")


def output(done: Done) -> str:
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.parts and ".unabridged" not in path.parts
    }

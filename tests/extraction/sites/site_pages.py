"""Pages of an invented site, for the tests of site profiles."""

from dataclasses import dataclass

from tests.archive.sample_feeds import NOW, URL, a_page, an_entry, save
from unabridged.archive.facade.archive import Archive
from unabridged.extraction import extract
from unabridged.extraction.sites.learn import learn
from unabridged.extraction.sites.profile import SiteProfile
from unabridged.extraction.sites.samples import sample_page

SUBJECTS = (
    "harbour bridge ferry",
    "orchard apple frost",
    "museum bronze statue",
    "railway tunnel signal",
    "library archive letter",
    "glacier valley hiker",
    "theatre curtain actor",
    "bakery oven rye",
)
PROMOTION = "Sign up for our morning letter and read the whole day before breakfast."
TEMPLATE = """<!doctype html><html lang="en"><head><title>{title} | The Example Post</title>
<meta property="og:title" content="{title}"><meta property="og:site_name" content="The Example Post">
<meta property="article:published_time" content="{day}T08:30:00+01:00"><meta name="author" content="Ann Lee">
</head><body>
<header class="masthead"><nav class="menu"><a href="/">Home</a> <a href="/news">News</a></nav></header>
<main class="content"><div class="story"><h1 class="headline">{title}</h1>
<p class="byline">By Ann Lee</p>
<div class="story-text">{paragraphs}<div class="key-facts"><p>Facts at a glance: {fact}</p></div>
<p>{promotion}</p></div></div>
<aside class="rail"><h2>Most read</h2><ul>{links}</ul></aside></main>
<footer class="foot"><p>© The Example Post. All rights reserved.</p></footer></body></html>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePage:
    """A page and the paragraphs of its article."""

    url: str
    html: str
    title: str
    paragraphs: tuple[str, ...]


def site_page(number: int, template: str = TEMPLATE, length: int = 7) -> SitePage:
    """Return a page of the site. number: chooses its subject and day; length: paragraphs."""
    words = SUBJECTS[number % len(SUBJECTS)].split()
    title = f"The {words[0]} and the {words[1]}, part {number + 1}"
    paragraphs = tuple(
        f"In the year {1900 + number * 10 + place} the {words[place % 3]} of the town was "
        f"{words[(place + 1) % 3]} number {number * 17 + place}, and those who remember the {words[2]} "
        f"still say that nobody had seen so much before, though the {words[0]} stood there {place + 3} years."
        for place in range(length)
    )
    links = "".join(f'<li><a href="/{n}">Story {n} of {words[n % 3]}</a></li>' for n in range(6))
    html = template.format(
        title=title,
        day=f"2026-03-{number % 27 + 1:02}",
        paragraphs="".join(f"<p>{text}</p>" for text in paragraphs),
        fact=f"{words[1]}, {number}",
        promotion=PROMOTION,
        links=links,
    )
    return SitePage(url=f"https://post.example/{number}", html=html, title=title, paragraphs=paragraphs)


def store_pages(archive: Archive, numbers: range) -> None:
    """Store pages of the site as articles of a feed."""
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    pages = {number: site_page(number) for number in numbers}
    entries = [an_entry(number, url=page.url) for number, page in pages.items()]
    for article_id, page in zip(save(archive, feed.id, *entries).new, pages.values(), strict=True):
        raw = a_page(page.url, page.html.encode())
        archive.ingest.save_page(article_id, extract(page.html, url=page.url), raw, now=NOW)


def learnt(count: int = 6, template: str = TEMPLATE) -> SiteProfile | None:
    """Return what is learnt from the first pages of the site."""
    pages = [site_page(number, template) for number in range(count)]
    return learn("post.example", [sample_page(page.html, page.url) for page in pages])


def known(template: str = TEMPLATE) -> SiteProfile:
    """Return the profile of the site, learnt from six pages."""
    profile = learnt(6, template)
    assert profile is not None
    return profile

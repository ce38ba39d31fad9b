"""One article with every field filled."""

from datetime import datetime, timedelta, timezone

from unabridged.model import Article, Clock, Completeness, Enclosure, Link, Media

PARIS = timezone(timedelta(hours=1))
WHEN = datetime(2024, 2, 1, 16, 28, tzinfo=PARIS)

FULL = Article(
    url="https://news.example/full",
    canonical_url="https://news.example/full-story",
    title="Full “story”",
    authors=("Ada Lovelace", "李四"),
    credit=("Reuters Staff",),
    published=WHEN,
    modified=WHEN + timedelta(hours=2),
    language="zh",
    lead_image="https://news.example/lead.jpg",
    site_name="News",
    section="World",
    tags=("a", "b"),
    kind="NewsArticle",
    summary="In short.",
    html='<p>One <a href="https://x.example/">two</a></p>',
    text="One two",
    markdown="One [two](https://x.example/)",
    links=(Link(url="https://x.example/", text="two"),),
    media=(
        Media(
            kind="image",
            url="https://news.example/i.jpg",
            title="t",
            caption="c",
            credit="r",
            width=3,
            height=4,
        ),
        Media(
            kind="video",
            url="https://news.example/v.mp4",
            poster="https://news.example/p.jpg",
            type="video/mp4",
        ),
    ),
    enclosures=(Enclosure(url="https://news.example/e.mp3", type="audio/mpeg", length=12, title="E"),),
    clocks=(
        Clock(kind="published", at=WHEN, origin="json-ld", zone_stated=False, raw="01/02/2024 16:28"),
        Clock(kind="feed", at=WHEN, origin="feed", day_only=True),
    ),
    completeness=Completeness(kind="paywalled", evidence=("isAccessibleForFree", "cut")),
    provenance={"title": "json-ld", "published": "page"},
    warnings=("joined from 2 pages",),
)

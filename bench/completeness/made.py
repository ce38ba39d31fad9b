"""Pages that are made: walls, error pages, application shells, live blogs, lists, videos, galleries, briefs.

Structures follow what publishers and vendors serve; every text is from `texts.json`. A template is shown in
several languages; whole templates belong to the dev or the test part.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from bench.completeness import walls
from bench.completeness.cases import LabelledCase
from bench.completeness.words import LANGUAGES, words
from unabridged.model import CompletenessKind

Words = Mapping[str, Any]
SITE = "The Harbour Post"


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeTemplate:
    """A kind of page. languages: in which it is shown, by their places in LANGUAGES."""

    name: str
    verdict: CompletenessKind
    write: Callable[[Words], str]
    also: tuple[CompletenessKind, ...] = ()
    languages: tuple[str, ...] = LANGUAGES
    path: str = "/2026/11/storm-reaches-coast"


def frame(text: Words, title: str, main: str, *, head: str = "") -> str:
    """Return a page of a news site: head, menu, main part, teasers of other articles, footer."""
    menu = "".join(
        f"<li><a href='/{name}'>{escape(text[name])}</a></li>" for name in ("home", "news", "sport")
    )
    teasers = "".join(
        f"<li><a href='/2026/11/{n}-other'>{escape(text['live'][1][n][:60])}</a></li>" for n in (1, 3, 4)
    )
    return (
        f"<!doctype html><html><head><meta charset=utf-8><title>{escape(title)} | {SITE}</title>"
        f"<meta property='og:title' content='{escape(title)}'>{head}</head><body><header><nav><ul>{menu}</ul>"
        f"</nav></header><main>{main}</main><aside><h3>{escape(text['related'])}</h3><ul>{teasers}</ul></aside>"
        f"<footer><a href='/i'>{escape(text['imprint'])}</a> <a href='/p'>{escape(text['privacy'])}</a> "
        f"© 2026 {SITE}</footer></body></html>"
    )


def news_head(kind: str = "NewsArticle", extra: str = "") -> str:
    """Return the metadata of an article. extra: more JSON members, with a comma before them."""
    return (
        "<meta property='og:type' content='article'><script type='application/ld+json'>"
        f'{{"@context":"https://schema.org","@type":"{kind}","datePublished":"2026-11-24T09:12:00+01:00",'
        f'"author":{{"@type":"Person","name":"Ida Brandt"}}{extra}}}</script>'
    )


# ---- complete pages ----------------------------------------------------------------------------


def brief(text: Words) -> str:
    """Return a short piece of news that is complete."""
    title, body = text["brief"]
    day = "<time datetime='2026-11-24'>24.11.2026</time>"
    main = f"<article><h1>{escape(title)}</h1>{day}<p>{escape(body)}</p></article>"
    return frame(text, title, main, head=news_head())


def brief_with_offer(text: Words) -> str:
    """Return a short piece of news with a newsletter, a meter and a cookie banner around it."""
    title, body = text["brief"]
    half = len(body) // 2
    stop = max(body.find(mark, half) for mark in (".", "。")) + 1
    main = (
        f"<div id='cookie-bar'>{escape(text['banner'])} <button>{escape(text['accept'])}</button></div>"
        f"<div class='story'><h1>{escape(title)}</h1><p "
        f"class='date'>24.11.2026</p><p>{escape(body[:stop])}</p>"
        f"<p>{escape(body[stop:].strip())}</p></div><div class='box'>{escape(text['newsletter'])}</div>"
        f"<div class='meter'>{escape(text['meter'])}</div>"
    )
    return frame(text, title, main)


def video(text: Words) -> str:
    """Return a page with a film and two sentences."""
    title, body = text["video"]
    main = (
        f"<article><h1>{escape(title)}</h1><div class='player'><video src='/v.mp4' "
        f"poster='/v.jpg'></video></div>"
        f"<p>{escape(body)}</p></article>"
    )
    return frame(
        text, title, main, head="<meta property='og:type' content='video.other'>" + news_head("VideoObject")
    )


def gallery(text: Words) -> str:
    """Return a page with pictures and captions."""
    title, captions = text["gallery"]
    figures = "".join(
        f"<figure><img src='/{n}.jpg' width=900 height=600><figcaption>{n}/3 {escape(caption)} "
        f"{escape(text['photo'])}: Ida Brandt</figcaption></figure>"
        for n, caption in enumerate(captions, 1)
    )
    head = news_head("ImageGallery")
    return frame(text, title, f"<h1>{escape(title)}</h1><div class='gallery'>{figures}</div>", head=head)


# ---- live blogs --------------------------------------------------------------------------------


def _posts(text: Words, pattern: str) -> str:
    """Return the posts of a live blog, newest first, twice over with other times."""
    lines = [*text["live"][1], *text["live"][1]]
    return "".join(
        pattern.format(
            time=f"{19 - n}:{(n * 17) % 60:02d}",
            hour=f"{19 - n}",
            minute=f"{(n * 17) % 60:02d}",
            text=escape(line),
        )
        for n, line in enumerate(lines)
    )


def live_declared(text: Words) -> str:
    """Return a live blog that calls itself LiveBlogPosting."""
    title = text["live"][0]
    posts = _posts(
        text,
        "<div class='entry'><time "
        "datetime='2026-11-24T{hour}:{minute}:00+01:00'>{time}</time><p>{text}</p></div>",
    )
    head = news_head("LiveBlogPosting", ',"coverageStartTime":"2026-11-24T07:00:00+01:00"')
    return frame(text, title, f"<article><h1>{escape(title)}</h1>{posts}</article>", head=head)


def live_timeline(text: Words) -> str:
    """Return a live blog whose posts have elements for their times, without a declaration."""
    title = text["live"][0]
    posts = _posts(
        text,
        "<section class='tl-item'><h3><time "
        "datetime='2026-11-24T{hour}:{minute}'>{time}</time></h3><p>{text}</p></section>",
    )
    body = f"<article><h1>{escape(title)}</h1><div class='timeline'>{posts}</div></article>"
    return frame(text, title, body, head=news_head())


def live_written(text: Words) -> str:
    """Return a live blog whose posts begin with their times as plain text."""
    title = text["live"][0]
    posts = _posts(text, "<p><strong>{time}</strong></p><p>{text}</p>")
    updated = f"<p class='d'>{escape(text['updated'])}: 24.11.2026, 19:00</p>"
    return frame(
        text, title, f"<div class='text'><h1>{escape(title)}</h1>{updated}{posts}</div>", head=news_head()
    )


def live_list(text: Words) -> str:
    """Return a live blog as a list, with a mark "Live" and times before the texts."""
    title = text["live"][0].partition(":")[2].strip() or text["live"][0].partition("：")[2]
    posts = _posts(text, "<li class='post'><span class='time'>{time}</span> <div>{text}</div></li>")
    flag = f"<span class='flag'>{escape(text['live_word'])}</span>"
    main = f"<article>{flag}<h1>{escape(title)}</h1><ul>{posts}</ul></article>"
    return frame(text, title, main, head=news_head())


# ---- no articles -------------------------------------------------------------------------------


def front_page(text: Words) -> str:
    """Return a front page: teasers with headlines and first sentences."""
    lines = [*text["live"][1], *text["gallery"][1], text["video"][1], text["brief"][0]]
    teasers = "".join(
        f"<article class='teaser'><h2><a "
        f"href='/2026/11/{n}-story'>{escape(line[:50])}</a></h2><p>{escape(line)}</p></article>"
        for n, line in enumerate(lines)
    )
    return frame(text, SITE, f"<h1>{SITE}</h1>{teasers}", head="<meta property='og:type' content='website'>")


def topic_page(text: Words) -> str:
    """Return a list of the articles of a section, with dates."""
    lines = [*text["live"][1], *text["gallery"][1], text["brief"][0]]
    teasers = "".join(
        f"<li><a href='/2026/11/{n}-story'><h3>{escape(line[:60])}</h3></a><span>2{n % 9}.11.2026</span>"
        f" <a class='more' href='/2026/11/{n}-story'>{escape(text['more'])}</a></li>"
        for n, line in enumerate(lines)
    )
    head = (
        "<meta property='og:type' content='website'><script type='application/ld+json'>"
        '{"@context":"https://schema.org","@type":"CollectionPage","name":"x"}</script>'
    )
    return frame(text, text["news"], f"<h1>{escape(text['news'])}</h1><ul>{teasers}</ul>", head=head)


TEMPLATES = (
    MadeTemplate(name="brief", verdict="full", write=brief),
    MadeTemplate(name="brief-with-offers", verdict="full", write=brief_with_offer),
    MadeTemplate(name="video-page", verdict="not_an_article", also=("full",), write=video),
    MadeTemplate(name="picture-gallery", verdict="not_an_article", also=("full",), write=gallery),
    MadeTemplate(name="live-declared", verdict="live_blog", write=live_declared),
    MadeTemplate(name="live-timeline", verdict="live_blog", write=live_timeline),
    MadeTemplate(name="live-written", verdict="live_blog", write=live_written),
    MadeTemplate(name="live-list", verdict="live_blog", write=live_list),
    MadeTemplate(name="front-page", verdict="not_an_article", write=front_page, path="/"),
    MadeTemplate(name="topic-page", verdict="not_an_article", write=topic_page, path="/news/"),
    *(
        MadeTemplate(name=name, verdict=verdict, write=write, languages=languages)
        for name, verdict, write, languages in walls.TEMPLATES
    ),
)


def made_cases() -> Iterator[LabelledCase]:
    """Yield every made page."""
    for template in TEMPLATES:
        for language in template.languages:
            yield LabelledCase(
                name=f"{template.name}/{language}",
                origin="made",
                recipe=template.name,
                verdict=template.verdict,
                also=template.also,
                html=template.write(words(language)).encode(),
                group=template.name,
                url=f"https://news.example{template.path}",
            )

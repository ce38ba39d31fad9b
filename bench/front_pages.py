"""Front pages and lists among distractors, with known items: written after the rules were, to test them."""

# ruff: noqa: E501 - HTML

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from bench.list_pages import HOME, LANGUAGES, NOW, MadePage, Maker, Story, dated
from unabridged.sample.render import Stage, render_front
from unabridged.sample.server import DEFAULT_SITES, shipped_site

ORIGIN = "http://127.0.0.1:8999"


def _shell(maker: Maker, body: str) -> bytes:
    words = maker.language.words
    menu = "".join(f'<li><a href="/section/{n}">{words[n]}</a></li>' for n in range(9))
    legal = "".join(f'<li><a href="/info/{n}">{maker.title(3, 6)}</a></li>' for n in range(6))
    html = (
        f'<html lang="{maker.language.tag}"><head><meta charset="utf-8"><title>Harbour</title></head><body>'
        f"<div class='hd'><ul>{menu}</ul></div>{body}<div class='btm'><ul>{legal}</ul></div></body></html>"
    )
    return html.encode()


def front_page(maker: Maker) -> MadePage:
    """A leading story, two sections, and the most read ones in a list without telling names."""
    lead, *rest = maker.stories(19)
    first, second = rest[:9], rest[9:]
    popular = "".join(f'<li><a href="{one.url}">{one.title}</a></li>' for one in rest[2:10:2])

    def teaser(one: Story) -> str:
        return (
            f'<div class="tz"><a class="im" href="{one.url}"><img src="/i.jpg" alt="{one.title}"></a>'
            f'<h3><a href="{one.url}">{one.title}</a></h3><p>{one.summary}</p><em class="dt">{maker.date(dated(one))}</em></div>'
        )

    body = (
        f'<div class="top"><h1><a href="{lead.url}">{lead.title}</a></h1><p>{lead.summary}</p><em class="dt">{maker.date(dated(lead))}</em></div>'
        f'<div class="sec"><h2><a href="/section/1">{maker.title(1, 2)}</a></h2>{"".join(map(teaser, first))}</div>'
        f'<div class="sec"><h2><a href="/section/2">{maker.title(1, 2)}</a></h2>{"".join(map(teaser, second))}</div>'
        f'<div class="rr"><div>{maker.language.popular}</div><ol>{popular}</ol></div>'
    )
    return MadePage(name="front page", html=_shell(maker, body), url=f"{HOME}/", truth=(lead, *rest))


def with_many_links(maker: Maker) -> MadePage:
    """Every item with its author, section, tags and comments as links, none with telling names."""
    stories = maker.stories(12)
    rows = "".join(
        f'<div class="e"><div class="m"><a href="/s/town">{maker.title(1, 1)}</a> <a href="/people/p{place % 4}">{maker.title(2, 2)}</a></div>'
        f'<div class="t"><a href="{one.url}">{one.title}</a></div><div class="x">{one.summary}</div>'
        f'<div class="f"><span>{maker.date(dated(one))}</span> <a href="{one.url}#comments">{place * 3}</a>'
        f'<a href="/k/{place}">{maker.title(2, 3)}</a><a href="/k/{place + 50}">{maker.title(2, 3)}</a></div></div>'
        for place, one in enumerate(stories)
    )
    return MadePage(
        name="many links an item",
        html=_shell(maker, f"<div>{rows}</div>"),
        url=f"{HOME}/",
        truth=tuple(stories),
    )


def with_other_dates(maker: Maker) -> MadePage:
    """Summaries that name other days, and a day of the last change beside that of publication."""
    stories = maker.stories(10)
    other = datetime(2025, 3, 4)  # noqa: DTZ001 - a day in a sentence

    def row(one: Story) -> str:
        changed = maker.date(NOW - timedelta(hours=2))
        return (
            f'<li><h4><a href="{one.url}">{one.title}</a></h4><p>{maker.date(other)}: {one.summary}</p>'
            f'<small class="updated">{changed}</small> <small class="published">{maker.date(dated(one))}</small></li>'
        )

    body = f'<ul class="river">{"".join(map(row, stories))}</ul>'
    return MadePage(name="other dates", html=_shell(maker, body), url=f"{HOME}/", truth=tuple(stories))


def two_columns(maker: Maker) -> MadePage:
    """Rows of a layout table, three items each, beside a table of weather."""
    stories = maker.stories(15)
    cells = [
        f'<td width=33%><b><a href="{one.url}">{one.title}</a></b><br><font size=1>{dated(one):%d.%m.%Y}</font></td>'
        for one in stories
    ]
    rows = "".join(f"<tr>{''.join(cells[place : place + 3])}</tr>" for place in range(0, 15, 3))
    weather = "".join(
        f'<tr><td><a href="/weather/{n}">{maker.title(1, 1)}</a></td><td>{n}°</td></tr>' for n in range(8)
    )
    body = f"<table><tr><td><table>{rows}</table></td><td><table>{weather}</table></td></tr></table>"
    return MadePage(name="table of cells", html=_shell(maker, body), url=f"{HOME}/", truth=tuple(stories))


def elsewhere(maker: Maker) -> MadePage:
    """Links to other sites, as a collection of links has them, with the site in brackets."""
    stories = [
        Story(url=f"https://site{place}.example/a/{place * 37}", title=one.title, date=one.date, summary="")
        for place, one in enumerate(maker.stories(16))
    ]
    rows = "".join(
        f'<li><a href="{one.url}">{one.title}</a> <i>(site{place}.example)</i> <a href="/c/{place}">{place}</a> <span>{dated(one):%Y-%m-%d}</span></li>'
        for place, one in enumerate(stories)
    )
    return MadePage(
        name="links elsewhere",
        html=_shell(maker, f"<ol class='ln'>{rows}</ol>"),
        url=f"{HOME}/",
        truth=tuple(stories),
    )


def days_as_headings(maker: Maker) -> MadePage:
    """Items without dates under headings that are days."""
    stories = maker.stories(12)
    body = ""
    for place in range(0, 12, 3):
        day = dated(stories[place])
        shown = [
            Story(url=one.url, title=one.title, date=day, summary="") for one in stories[place : place + 3]
        ]
        stories[place : place + 3] = shown
        rows = "".join(f'<li><a href="{one.url}">{one.title}</a></li>' for one in shown)
        body += f"<h3>{maker.date(day)}</h3><ul>{rows}</ul>"
    return MadePage(
        name="days as headings",
        html=_shell(maker, f"<div>{body}</div>"),
        url=f"{HOME}/",
        truth=tuple(stories),
    )


KINDS: tuple[Callable[[Maker], MadePage], ...] = (
    front_page,
    with_many_links,
    with_other_dates,
    two_columns,
    elsewhere,
    days_as_headings,
)


def front_pages(seed: int) -> list[MadePage]:
    """Return one page of each kind in each language, and the front pages of the sample publishers."""
    made = []
    for kind in KINDS:
        for language in LANGUAGES:
            draw = random.Random(f"{seed} {kind.__name__} {language.tag}")
            page = kind(Maker(language=language, draw=draw))
            made.append(
                MadePage(name=f"{page.name} · {language.tag}", html=page.html, url=page.url, truth=page.truth)
            )
    return [*made, *sample_pages()]


def sample_pages() -> list[MadePage]:
    """Return the front pages of the sample publishers."""
    pages = []
    for name in DEFAULT_SITES:
        stage = Stage(site=shipped_site(name), origin=ORIGIN)
        html = render_front(stage)
        truth = tuple(
            Story(
                url=ORIGIN + one.first.path,
                title=one.first.title,
                date=one.first.published if _shows(html, one.first.published) else None,
                summary="",
            )
            for one in stage.articles()
        )
        pages.append(
            MadePage(
                name=f"sample publisher · {stage.site.language}", html=html, url=f"{ORIGIN}/", truth=truth
            )
        )
    return pages


def _shows(html: bytes, day: datetime | None) -> bool:
    """Say whether a front page shows a day, as the one sample publisher does that shows days."""
    return day is not None and f"{day:%m-%d}".encode() in html

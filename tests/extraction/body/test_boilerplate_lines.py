"""Boilerplate lines are removed from an article; its own short lines stay."""

from pathlib import Path

import pytest

from unabridged.extraction import extract
from unabridged.extraction.body.boilerplate_lines import without_lines
from unabridged.extraction.html.builders import HtmlPiece, to_html
from unabridged.extraction.metadata.names import split_names

STORY = HtmlPiece(
    "On Monday the council met once more to decide about the bridge, and once more it waited for the"
    " engineer, who had been at the other end of the valley since noon and whose car, as everybody knew,"
    " would not start in the cold. He came on foot, and he came late, with snow on his hat and no plans.",
    True,
)


SECOND = HtmlPiece("Nobody had asked the ferryman, who knew the river best and sat in the last row.", True)


def left(*pieces: HtmlPiece, authors: tuple[str, ...] = ("Ann Lee",)) -> list[str]:
    return [piece.html for piece in without_lines(pieces, authors) if piece not in (STORY, SECOND)]


@pytest.mark.parametrize(
    "label",
    [
        "Article content",
        "Článek",
        "Story",
        "Artikel",
        "Contenido",
        "正文",
        "本文",
        "기사 본문",
        "Текст статьи",
    ],
)
def test_a_label_of_the_article_itself_is_no_heading_of_it(label: str) -> None:
    assert left(HtmlPiece(f"<h2>{label}</h2>"), STORY) == left(HtmlPiece(label, True), STORY) == []


@pytest.mark.parametrize(
    "line",
    [
        "字号:T|T",
        "0人参与0条评论打印转发",
        "字体大小 - +",
        "Artikel: Download PDF Drucken Teilen Feedback",
        "Print | Share this article",
        "Imprimer Partager",
        "Печать Поделиться",
        "Share this on Facebook",
        "Print Share Pinterest Mastodon",
    ],
)
def test_a_pages_tools_go_wherever_they_stand(line: str) -> None:
    assert left(HtmlPiece(line, True), STORY) == left(STORY, HtmlPiece(line, True), SECOND) == []


@pytest.mark.parametrize(
    "way",
    [
        '<a href="/">首页</a>&gt;&gt;<a href="/p">人物聚焦</a>&gt;&gt;<a href="/p/5">2005人物</a>',
        '<a href="/">Home</a> › <a href="/news">News</a> › Bridges',
        '<a href="/">Startseite</a> / <a href="/region">Region</a>',
        "首页&gt;&gt;人物聚焦&gt;&gt;2005人物",
    ],
)
def test_the_way_from_the_front_page_is_left_out(way: str) -> None:
    assert left(HtmlPiece(way, True), STORY) == []


@pytest.mark.parametrize(
    "line",
    ["Ann Lee", "Ann Lee|Published 4 months ago", "by Ann Lee, 3 May 2024 at 10:15", "記者鄧富珍／彰化報導"],
)
def test_who_wrote_it_and_when_is_left_out_of_the_text(line: str) -> None:
    assert left(HtmlPiece(line, True), STORY) == []


def test_a_label_that_announces_nothing_goes_from_the_end() -> None:
    assert left(STORY, HtmlPiece("<h3>See also</h3>"), HtmlPiece("<strong>最新：</strong>", True)) == []


@pytest.mark.parametrize(
    "line",
    [
        "Print is not dead.",
        "Share the bread",
        "Ann Lee was not there.",
        "Home again",
        "Contents may be hot",
        "3 May 2024",
        '<a href="/a">The first part</a> of this story',
        "The article",
    ],
)
def test_short_lines_of_a_story_stay(line: str) -> None:
    assert left(STORY, HtmlPiece(line, True), SECOND) == [line]


def test_a_heading_stays_where_something_follows() -> None:
    assert left(STORY, HtmlPiece("<h2>Main content</h2>"), SECOND) == ["<h2>Main content</h2>"]
    assert left(HtmlPiece("<h2>Monday</h2>"), STORY) == ["<h2>Monday</h2>"]


def test_a_body_of_nothing_but_such_lines_is_left_alone() -> None:
    pieces = [HtmlPiece("<h2>Content</h2>"), HtmlPiece("Print Share", True)]
    assert to_html(without_lines(pieces)) == to_html(pieces)


def test_pictures_of_teasers_are_no_pictures_of_the_story() -> None:
    teaser = """<div class="flex"><article>
        <a href="/other">
           <div>  <img src="/other.jpg" width=400 height=300>   </div>
           <div>
               <p>                                                                  </p>
               <h3>Another story altogether</h3>
           </div>
        </a></article></div>"""
    ferry = (
        "The ferry, on the other hand, has never been late since the old man took it over from his father in"
        " the year of the flood. He rows it himself, and no one has ever seen him hurry or curse."
    )
    before, after = (
        f"<p>{STORY.html}</p><p>{SECOND.html}</p><p>{STORY.html.replace('bridge', 'weir')}</p>",
        f"<p>{ferry}</p><p>So it went on until May, when the water fell and the weir lay dry for weeks.</p>",
    )
    page = f"<title>Bridge</title><article><h1>Bridge</h1>{before}{teaser}{after}</article>"
    article = extract(page, url="https://paper.example/a")
    assert ferry in article.text and article.media == ()


def test_the_makers_of_a_sites_software_are_no_authors() -> None:
    assert split_names("Discuz! Team and Comsenz UI Team") == ()


def test_a_page_full_of_service_gives_its_four_paragraphs_and_nothing_else() -> None:
    page = (Path(__file__).parent / "pages" / "lamplighter.html").read_bytes()
    article = extract(page, url="https://dock.example/town/lamplighter")
    assert [line[:20] for line in article.text.split("\n\n")] == [
        "At a quarter to dusk",
        "The lamps are gas, t",
        "What he would like, ",
        "On Thursday he was l",
    ]
    assert article.media == () and article.authors == ("Ottilie Penhaligon",)
    assert (article.site_name, article.section) == ("Dock & Harbour", "Town & Country")


@pytest.mark.parametrize(
    "note",
    [
        "Copyright © 2011 The Harbour Press. All rights reserved.",
        "(c) 2011 The Harbour Press",
        "The Harbour Press – all rights reserved",
        "Republished with permission of The Harbour Press",
        "Reprinted from The Harbour Press",
        "Appeared in the May 3, 2012, print edition",
        "Dieser Beitrag wurde vom Hafenblatt veröffentlicht.",
        "Sendung: Hafenradio, 3. Mai",
        "Both comments and pings are currently closed.",
        "No comments",
        "Материал был опубликован в категории Порт",
        "As an associate we earn from qualifying purchases.",
        "Last updated May 3, 2012 11:15 AM",
        "Filed under: bridges",
        "Schlagworte: Brücken",
        "Mots-clés : ponts",
        "Метки: мосты",
        "标签：大桥",
        "Copyright 2019 The Harbour Press. This material may not be published, broadcast or rewritten.",
        "A version of this article appeared in print on 11/06/2012, on page A12.",
        "You can follow any responses to this entry through the RSS 2.0 feed.",
        "Comments are closed.",
        "Posted by Ann Lee at December 16, 2025 11:15 AM",
        "Disclosure: if you buy through affiliate links, I may earn a commission.",
        "Tags: bridges, ferries, snow",
        "Dieser Artikel ist zuerst im Hafenblatt erschienen.",
        "（责任编辑：刘林）",
        "凡注明为其他媒体来源的信息，均为转载自其他媒体。",
    ],
)
def test_a_note_about_the_article_below_it_goes(note: str) -> None:
    assert left(STORY, SECOND, HtmlPiece(note, True)) == []
    assert left(HtmlPiece(note, True), STORY, SECOND)[-1:] in ([], [note])


@pytest.mark.parametrize(
    "end",
    [
        "Updated plans were shown to the council, and in 2019 it chose the cheapest.",
        "The court ruled that the names of the witnesses may not be published.",
        "Agents earn a commission of five per cent on every ferry that they sell.",
        "He holds the copyright.",
    ],
)
def test_a_last_sentence_that_only_begins_like_a_note_stays(end: str) -> None:
    assert left(STORY, SECOND, HtmlPiece(end, True)) == [end]

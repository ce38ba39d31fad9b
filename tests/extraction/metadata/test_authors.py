"""By-lines of several people, and names that look like by-words, are read whole."""

import pytest

from tests.extraction.metadata.pages import NEWS, json_ld, page, read
from unabridged.extraction.html.dom import parse
from unabridged.extraction.metadata.names import split_names
from unabridged.extraction.metadata.read import read_metadata

NAMES = ("Ann Lee", "Bo Lindqvist")


def authors(body: str, head: str = "", language: str = "en") -> tuple[str, ...]:
    start = f"<html lang={language}><head><title>The bridge is closed today</title>{head}</head>"
    html = f"{start}<body><h1>The bridge is closed today</h1>{body}<p>A text.</p></body></html>"
    return read_metadata(parse(html)).authors


@pytest.mark.parametrize(
    ("language", "by", "joint"),
    [("en", "By", "and"), ("fr", "Par", "et"), ("de", "Von", "und"), ("es", "Por", "y"), ("it", "Di", "e"),
     ("nl", "Door", "en"), ("sv", "Av", "och"), ("en", "By", "&")],
)  # fmt: skip
@pytest.mark.parametrize("link", ["<a rel=author href=/{0}>{0}</a>", "<a href=/{0}>{0}</a>", "<b>{0}</b>"])
def test_two_linked_names_are_two_authors(language: str, by: str, joint: str, link: str) -> None:
    body = f"<p>{by} {link.format(NAMES[0])} {joint} {link.format(NAMES[1])}</p>"
    assert authors(body, language=language) == NAMES


def test_three_linked_names_are_three_authors() -> None:
    body = "<p>By <a href=/a>Ann Lee</a>, <a href=/b>Bo Lindqvist</a> and <a href=/c>Cem Kaya</a></p>"
    assert authors(body) == ("Ann Lee", "Bo Lindqvist", "Cem Kaya")


def test_two_persons_of_json_ld_are_two_authors() -> None:
    persons = ",".join(f'{{"@type":"Person","name":"{name}"}}' for name in NAMES)
    script = f'{{"@type":"NewsArticle","headline":"The bridge is closed today","author":[{persons}]}}'
    byline = "<p>By <a rel=author href=/a>Ann Lee</a> and <a rel=author href=/b>Bo Lindqvist</a></p>"
    assert authors(byline, f'<script type="application/ld+json">{script}</script>') == NAMES


@pytest.mark.parametrize(
    "name", ["Theo Lindqvist", "Theo van Dam", "Di Fiore", "Da Silva", "De Groot", "Von Miller", "Av Westin"]
)
def test_a_name_that_begins_like_a_by_word_is_kept_whole(name: str) -> None:
    assert split_names(name) == (name,)
    assert split_names(f"By {name}") == (name,)


@pytest.mark.parametrize(
    ("byline", "name"),
    [("Theo Nguyễn Văn An", "Nguyễn Văn An"), ("Theo Reuters", "Reuters"), ("Von Ann Lee", "Ann Lee"),
     ("von Ann", "Ann"), ("di Mario Rossi", "Mario Rossi"), ("Von dpa", "dpa"), ("Da Redação", "Redação")],
)  # fmt: skip
def test_a_by_word_before_a_name_is_left_out(byline: str, name: str) -> None:
    assert split_names(byline) == (name,)


@pytest.mark.parametrize(
    ("byline", "name"),
    [("View all posts by Ann Lee", "Ann Lee"), ("This post was written by Ann Lee", "Ann Lee"),
     ("Ein Kommentar von Ann Lee", "Ann Lee"), ("Alle Beiträge von Ann Lee", "Ann Lee"),
     ("ByAnn Lee", "Ann Lee"), ("Ann Lee Staff Writer", "Ann Lee"), ("Ann Lee1", "Ann Lee"),
     ("Dan Jervis", "Dan Jervis"), ("Ann Lee @annlee", "Ann Lee"), ("赵 培", "赵培")],
)  # fmt: skip
def test_what_stands_around_a_name_is_left_out(byline: str, name: str) -> None:
    assert split_names(byline) == (name,)


@pytest.mark.parametrize("text", ["Photo: Ann Lee", "Fotos: Ann Lee", "Illustration by Ann Lee"])
def test_who_made_a_picture_is_no_author(text: str) -> None:
    assert split_names(text) == ()


@pytest.mark.parametrize("name", ["pippin06", "Executive Content Editor", "News Desk"])
def test_names_that_end_like_a_footnote_or_a_role_stay_whole(name: str) -> None:
    assert split_names(name) == (name,)


def test_a_name_alone_beside_the_date_is_the_author() -> None:
    assert authors("<div><span>Ann Lee</span> <span>3 May 2024</span></div>") == ("Ann Lee",)


def test_a_name_that_links_to_an_author_page_is_the_author() -> None:
    assert authors("<div><a href=/authors/ann-lee><b>Ann Lee</b></a></div>") == ("Ann Lee",)


@pytest.mark.parametrize("label", ["Privacy Policy", "Best Overall", "River Bridges"])
def test_a_label_beside_the_date_is_no_author(label: str) -> None:
    body = f"<div><span>{label}</span> <span>3 May 2024</span></div><p>More on bridges of the river.</p>"
    assert authors(body) == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [("来源：晨报　编辑：山石", ("山石",)), ("她说，春天到了。（记者 胡晓梅）", ("胡晓梅",)),
     ("一个欢乐的春节。（常书玉 马丹丹 ）", ("常书玉", "马丹丹")), ("作者： 周思远", ("周思远",)),
     ("（责编：牛大明、岳小彬）", ("牛大明", "岳小彬"))],
)  # fmt: skip
def test_chinese_signatures_in_running_text_are_read(text: str, names: tuple[str, ...]) -> None:
    assert authors(f"<p>{text}</p>", language="zh") == names


@pytest.mark.parametrize("text", ["新华社记者 张三丰 摄", "（图片来源：网络）", "（完）", "来源：人民日报"])
def test_chinese_picture_credits_and_sources_are_no_authors(text: str) -> None:
    assert authors(f"<p>{text}</p>", language="zh") == ()


def test_a_chinese_byline_is_read() -> None:
    html = page(
        "<title>大桥今日封闭</title>",
        "<h1>大桥今日封闭</h1><p>2024年2月1日 16:28</p><p>作者：李明</p>",
        lang="zh",
    )
    found = read(html)
    assert found.authors == ("李明",)
    assert found.published is not None
    assert found.published.at.isoformat() == "2024-02-01T16:28:00+00:00"


def test_a_desk_is_credit_and_no_author() -> None:
    found = read(page(json_ld(**{**NEWS, "author": {"@type": "Organization", "name": "Reuters Staff"}})))
    assert found.authors == ()
    assert found.credit == ("Reuters Staff",)


def test_a_named_agency_beside_a_person_signs_with_her_but_a_desk_does_not() -> None:
    found = read(page(json_ld(**{**NEWS, "author": [{"name": "Ann Lee"}, {"name": "dpa"}]})))
    assert (found.authors, found.credit) == (("Ann Lee", "dpa"), ("dpa",))
    found = read(page(json_ld(**{**NEWS, "author": [{"name": "Ann Lee"}, {"name": "Reuters Staff"}]})))
    assert (found.authors, found.credit) == (("Ann Lee",), ("Reuters Staff",))


def test_the_name_of_the_section_beside_a_date_is_no_author() -> None:
    head = "<meta property=article:section content='Real Life'>"
    body = "<a href='/people/real-life'>Real Life</a><h1>The bridge is closed</h1><span>1 May 2024</span>"
    assert read(page(head, body)).authors == ()


def test_a_desk_that_signs_alone_is_the_author() -> None:
    found = read(page(json_ld(**{**NEWS, "author": {"@type": "Person", "name": "Redaktion"}})))
    assert found.authors == found.credit == ("Redaktion",)


def test_an_account_of_the_software_is_no_author() -> None:
    found = read(page(json_ld(**{**NEWS, "author": {"@type": "Person", "name": "admin"}})))
    assert found.authors == ()


@pytest.mark.parametrize(
    ("byline", "name"),
    [("By Ann Lee March 25", "Ann Lee"), ("Ann Lee 3 days ago", "Ann Lee"), ("Ann (Bo) Lee", "Ann (Bo) Lee"),
     ("By Ann Lee The Associated Press", "Ann Lee"), ("4 May 2025 · Ann Lee", "Ann Lee"),
     ("Ann Lee - 11.12.2019", "Ann Lee"), ("Eine Kolumne von Ann Lee", "Ann Lee")],
)  # fmt: skip
def test_days_agencies_and_kinds_of_text_are_no_part_of_a_name(byline: str, name: str) -> None:
    assert split_names(byline) == (name,)


def test_a_note_of_editing_names_no_author() -> None:
    assert split_names("Last edited by annlee (2024-08-03 10:59)") == ()


def test_the_site_s_name_beside_a_person_is_left_out() -> None:
    both = [{"@type": "Person", "name": name} for name in ("Ann Lee", "The Herald Post")]
    byline = "<p>By <span class=byline>Ann Lee</span></p>"
    head = json_ld(**{**NEWS, "author": both, "publisher": {}})
    assert read(page(head, f"<h1>The bridge is closed</h1>{byline}")).authors == ("Ann Lee",)


def test_a_catalogue_s_name_begins_with_the_given_name() -> None:
    metas = "".join(f"<meta name=citation_author content='{name}'>" for name in ("Lee, Ann", "Lindqvist, Bo"))
    assert authors("", metas) == NAMES


def test_names_with_roles_between_them_are_two_authors() -> None:
    assert authors("<p>By <b>Ann Lee</b>, Chief Economist, and <b>Bo Lindqvist</b></p>") == NAMES

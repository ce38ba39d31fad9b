"""Asides between the paragraphs are dropped; the words of the article stay."""

import pytest

from unabridged.extraction.html.dom import parse
from unabridged.extraction.selection.adjustments.asides import without_asides, without_comments
from unabridged.extraction.selection.blocks import lay_out

# ruff: noqa: E501
PARAGRAPH = (
    "<p>The ferry left the harbour before dawn, as it has for forty years, and nobody looked up at all.</p>"
)


def left(html: str) -> list[str]:
    """Return the blocks that stay of a page whose blocks were all kept."""
    body = PARAGRAPH * 6 + html + PARAGRAPH
    layout = lay_out(parse(f"<html><body><article>{body}</article></body></html>"))
    kept = without_asides(layout, list(range(len(layout.texts))))
    return [layout.texts[index] for index in kept if not layout.texts[index].startswith("The ferry left")]


@pytest.mark.parametrize(
    "html",
    [
        "<div><span>Advertisement</span><p>Article continues after advertisement</p></div>",
        "<p>Story continues below</p>",
        "<p><small>Publicité</small></p>",
        "<p>广告：春季团购火热报名中</p>",
        "<p>14 March 2025 · 6 minute read</p>",
        "<p>5 min read</p>",
        "<div><h4>The evening letter</h4><p>Sign up for our newsletter, every day at six.</p><p>No spam.</p></div>",
        "<div><b>La lettre du soir</b><p>Recevez chaque jour à 18 heures l'essentiel.</p></div>",
        "<div><p>下载某某客户端，阅读体验更流畅</p></div>",
        "<div><p><b>The Tide Table.</b> Sign up to our weekly newsletter: one long read.</p></div>",
        "<div><b>Empfohlener externer Inhalt</b><p>An dieser Stelle finden Sie einen Inhalt von anderswo.</p>"
        "<p>Ich bin damit einverstanden, dass mir externe Inhalte angezeigt werden.</p></div>",
        "<p>Ce contenu est bloqué car vous n'avez pas accepté les cookies.</p>",
        "<p>This content is hosted by a third party. By showing it you accept their terms.</p>",
        "<p>This slideshow requires JavaScript.</p>",
        "<h3>À lire aussi</h3><ul><li><a href='/a'>Le phare s'allume</a></li><li><a href='/b'>La mer</a></li></ul>",
        "<p>Read more: <a href='/a'>The nets of the north harbour are mended</a></p>",
        "<div><img src='a.jpg'><div>The quay in the morning. Photograph: Ada Quill</div></div>",
        "<div><img src='a.jpg'><div>码头的早晨　某某 摄</div></div>",
    ],
)
def test_asides_go(html: str) -> None:
    assert left(html) == []


@pytest.mark.parametrize(
    "html",
    [
        "<p>Advertising pays for most of what the harbour museum shows to its visitors.</p>",
        "<p>Related industries suffered too, above all the chandlers and the rope makers of the lower town.</p>",
        "<h3>Read more slowly</h3>",
        "<p>An dieser Stelle stand einmal eine Mühle, und ihr Rad drehte sich bis in den Krieg.</p>",
        "<p>This content of hers with the harbour lasted for years, as did the cookies that she baked there.</p>",
        "<p>Recommended by three captains, the route is longer, but it spares the engine in winter.</p>",
        "<p>广告业在港口很兴旺，几乎每一条街都有人在画招牌。</p>",
        "<div><img src='a.jpg'><p>The quay lies still in the morning, and the gulls have it for themselves.</p></div>",
        "<h3>See also</h3><p>The second part of the story, which follows below, tells of the captain's brother.</p>",
    ],
)
def test_sentences_of_the_story_stay(html: str) -> None:
    assert len(left(html)) == html.count("<p>") + html.count("<h3>")


def top(html: str) -> list[str]:
    layout = lay_out(parse(f"<article>{html}{PARAGRAPH * 3}</article>"))
    kept = without_asides(layout, list(range(len(layout.texts))))
    return [layout.texts[index] for index in kept if not layout.texts[index].startswith("The ferry left")]


@pytest.mark.parametrize(
    "line",
    [
        "By Ada Quill",
        "by Ada Quill and Leo Marsh22 Dec 2016",
        "Posted by Ada Quill, Ferry Correspondent",
        "Von Ada Federkiel",
        "14 March 2025, 08:30",
        "Published March 14, 2025",
        "2025-03-15 09:30 容镕",
        "2025年3月15日 来源：某某日报",
    ],
)
def test_who_and_when_go_from_the_top(line: str) -> None:
    assert top(f"<p>{line}</p>") == []


@pytest.mark.parametrize(
    "line",
    [
        "By noon the harbour was empty",
        "Von Anfang an dabei",
        "On 14 March 2025 the ferry stopped",
        "2025年3月15日，码头上来了许多人，他们都想再坐一次渡船。",
        "Por fin llegó el barco",
    ],
)
def test_a_first_line_of_the_story_stays(line: str) -> None:
    assert top(f"<p>{line}</p>") == [line]


def test_a_gallery_keeps_its_captions() -> None:
    picture = "<div><img src='{n}.jpg'><div>Picture {n}: boats at the quay. Photograph: Ada Quill</div></div>"
    layout = lay_out(
        parse("<article>" + "".join(picture.format(n=n) for n in range(9)) + PARAGRAPH + "</article>")
    )
    everything = list(range(len(layout.texts)))
    assert without_asides(layout, everything) == everything


def test_a_page_that_is_nothing_but_asides_is_left_alone() -> None:
    layout = lay_out(parse("<p>Advertisement</p><p>Advertisement</p>"))
    assert without_asides(layout, [0, 1]) == [0, 1]


@pytest.mark.parametrize(
    "line",
    [
        "Subscribe to continue reading",
        "This article is only available to subscribers.",
        "Il vous reste 78 % de cet article à lire. Abonnez-vous pour un euro.",
        "Jetzt weiterlesen mit dem Monatspass",
        "登录后继续阅读全文",
    ],
)
def test_a_call_to_pay_goes(line: str) -> None:
    assert left(f"<div><p>{line}</p></div>") == []


TALK = "<div class='comments'><p>I have crossed on her every week since I was six, and never once was she late.</p></div>"


def beside_comments(types: tuple[str, ...], story: str = PARAGRAPH * 4) -> int:
    layout = lay_out(parse(f"<body>{story}{TALK * 3}</body>"))
    return len(layout.texts) - len(without_comments(layout, list(range(len(layout.texts))), types))


def test_comments_below_an_article_go() -> None:
    assert beside_comments(("newsarticle",)) == 3


@pytest.mark.parametrize(
    "names",
    "comments CommentList my-commentaires comentarios Kommentare commenti reactions respond disqus komentarze "
    "reacties yorumlar replies pinglun 评论".split(),
)
def test_comments_are_told_by_what_their_container_is_called(names: str) -> None:
    """Names are ruled out by a cheap question first: none of those that count may fall through it."""
    layout = lay_out(parse(f"<article>{PARAGRAPH * 4}</article>{TALK.replace('comments', names)}"))
    assert without_comments(layout, list(range(len(layout.texts))), ()) == [0, 1, 2, 3]


def test_comments_go_from_a_page_that_says_nothing_of_itself() -> None:
    assert beside_comments(()) == 3


def test_posts_of_a_forum_stay() -> None:
    assert beside_comments(("article", "discussionforumposting")) == 0


def test_comments_stay_where_there_is_hardly_anything_else() -> None:
    assert beside_comments(("article",), story="<p>Too short to stand alone.</p>") == 0

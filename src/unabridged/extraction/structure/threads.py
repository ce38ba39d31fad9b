"""Threads of discussion sites, rewritten as plain posts: who wrote when, and the text.

These sites mark up every post of a thread as a comment, in nested tables or lists with controls between. The
posts are the page's content, unlike the comments below an article.
"""

from dataclasses import dataclass
from html import escape
from itertools import islice

from unabridged.extraction.html.dom import Dom, Element, text_start
from unabridged.extraction.structure.page_names import PageNames
from unabridged.text.words import fold_spaces

MOST_POSTS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadMarkup:
    """Selectors of one site's thread: the box of all answers, a post in it, and a post's parts."""

    box: str
    post: str
    author: str
    time: str
    text: str


KINDS = (
    ThreadMarkup(
        box="table.comment-tree", post="tr.comtr", author=".hnuser", time=".age", text=".commtext"
    ),  # Hacker News
    ThreadMarkup(
        box=".commentarea > .sitetable", post=".comment", author="a.author", time="time", text=".md"
    ),  # Reddit, old
    ThreadMarkup(
        box="shreddit-comment-tree",
        post="shreddit-comment",
        author="[slot=commentMeta] a",
        time="time",
        text="[slot=comment]",
    ),  # Reddit, new
    ThreadMarkup(
        box="ol.comments1", post=".comment", author=".byline a[href^='/~']", time="time", text=".comment_text"
    ),  # Lobsters
)


_BOX_NAMES = ("comment-tree", "commentarea", "comments1")


def write_threads(dom: Dom, names: PageNames) -> None:
    """Rewrite the threads of a page as posts. The tree is changed in place."""
    if not (names.have_tag(("shreddit-comment-tree",)) or names.have_class(_BOX_NAMES)):
        return
    for kind in KINDS:
        for box in dom.body.select(kind.box)[:1]:
            posts = [_post(post, kind) for post in islice(box.select(kind.post), MOST_POSTS)]
            if any(posts):
                box.insert_adjacent_html("beforebegin", f'<section class="thread">{"".join(posts)}</section>')
                box.decompose()


def _post(post: Element, kind: ThreadMarkup) -> str:
    """Return one post as HTML, "" if it has no text."""
    text = next(iter(post.select(kind.text)), None)
    if text is None:
        return ""
    author, time = (_line(post, selector) for selector in (kind.author, kind.time))
    author = author or fold_spaces(post.attr("author") or "")[:80]
    head = ", ".join(filter(None, (author and f"<b>{escape(author)}</b>", escape(time))))
    inner = f'<p class="post-head">{head}</p><div class="post-text">{text.inner_html}</div>'
    return f'<div class="post">{inner}</div>'


def _line(post: Element, selector: str) -> str:
    found = next(iter(post.select(selector)), None)
    return fold_spaces(text_start(found, 100))[:100] if found is not None else ""

"""Documents as services write them, and how they are read."""

from datetime import UTC, datetime, timedelta, timezone

from unabridged.formats.document.document import ArchivedDocument, parse_document
from unabridged.model import Article, Clock, Completeness, Enclosure

SERVICE = datetime(2023, 5, 5, 8, 20, tzinfo=UTC)


FIRST = "第一段讲述了昨天在城里发生的事情，许多人都在场，并且都看到了。"


SECOND = "第二段说明了为什么会发生这件事，以及接下来人们打算怎么办。"


def read(
    html: str,
    *,
    link: str = "https://news.example.fr/cn/story",
    title: str = "标题",
    clock: datetime = SERVICE,
) -> ArchivedDocument:
    milliseconds = int(clock.timestamp() * 1000)
    return parse_document(f"<!--{milliseconds}-->\n[{title}]({link})\n------\n\n{html}", path="one.txt")


def text_of(html: str, **more: str) -> str:
    return read(html, **more).article.text  # type: ignore[arg-type]


# Writing

FULL = Article(
    url="https://news.example.fr/a?b=1&copy=2",
    title='A <title> [with] "signs" \\ & — 龙',
    authors=("Ada", "李四"),
    published=datetime(2023, 5, 5, 10, 0, tzinfo=timezone(timedelta(hours=2))),
    language="zh",
    lead_image="https://i.example/--x.jpg",
    tags=("a --> b",),
    summary="short -- text",
    html=f'<p>{FIRST}</p><figure><img src="https://i.example/1.jpg" alt="" loading="lazy" '
    f'referrerpolicy="no-referrer"></figure><pre>a\n\nb</pre><p>{SECOND}</p>',
    enclosures=(Enclosure(url="https://i.example/1.mp3", length=3),),
    clocks=(Clock(kind="feed", at=SERVICE, origin="feed", raw="then"),),
    completeness=Completeness(kind="truncated", evidence=("cut",)),
    provenance={"title": "feed"},
)

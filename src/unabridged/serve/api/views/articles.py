"""Articles, versions, comparisons and hits as records of the API."""

from collections.abc import Iterable, Sequence

from unabridged.api_records import articles as records
from unabridged.api_records.base import ContentFormat
from unabridged.archive.records.changes import ArticleChange
from unabridged.archive.records.core import Headline, RevisionLine, StoredArticle, StoredRevision
from unabridged.archive.records.search import HighlightSpan, Hit
from unabridged.model import Article
from unabridged.serve.diff_child import VersionDiff
from unabridged.stories.attributions import Attribution
from unabridged.text.diff import DiffSpan
from unabridged.text.words import count_words

NO_TAGS: Sequence[str] = ()


def content_of(article: Article, wanted: ContentFormat) -> str:
    """Return the text of an article in a format. The HTML is sanitised, with whole addresses."""
    if wanted == "html":
        return article.html
    return article.markdown if wanted == "markdown" else article.text


def headline(line: Headline, tags: Sequence[str] = NO_TAGS, folded: Sequence[int] = ()) -> records.Headline:
    """Return a headline. folded: articles that the list folds under it."""
    return records.Headline(
        id=line.id,
        url=line.url,
        title=line.title,
        summary=line.summary,
        authors=list(line.authors),
        language=line.language,
        lead_image=line.lead_image,
        listed_at=line.at,
        published=line.published,
        first_seen=line.first_seen,
        words=line.words,
        feed=line.feed_id,
        feed_title=line.feed_title,
        read=line.read,
        starred=line.starred,
        tags=list(tags),
        muted=line.muted,
        page=line.page_state,
        edits=line.edits,
        edited=line.edited,
        folded=list(folded),
    )


def headline_of(
    stored: StoredArticle,
    tags: Sequence[str] = NO_TAGS,
    content: ContentFormat | None = None,
    folded: Sequence[int] = (),
) -> records.Headline:
    """Return an article as it stands in a list. content: the format in which its text is added, if any.

    folded: articles that the list folds under it.
    """
    article = stored.article
    return records.Headline(
        id=stored.id,
        url=article.url,
        title=article.title,
        summary=article.summary,
        authors=list(article.authors),
        language=article.language,
        lead_image=article.lead_image,
        listed_at=stored.at,
        published=article.published,
        first_seen=stored.first_seen,
        words=count_words(article.text),
        feed=stored.feed_id,
        feed_title=stored.feed_title,
        read=stored.read,
        starred=stored.starred,
        tags=list(tags),
        muted=stored.muted,
        page=stored.page.state,
        edits=stored.edits,
        edited=stored.edited,
        content=content_of(article, content) if content else None,
        folded=list(folded),
    )


def whole(stored: StoredArticle, wanted: ContentFormat, *, tags: Sequence[str], link: str) -> records.Article:
    """Return an article with its whole text. link: its address in the reader."""
    article = stored.article
    return records.Article(
        **headline_of(stored, tags).model_dump(exclude={"content"}),
        content=content_of(article, wanted),
        format=wanted,
        version=stored.revision,
        revised=stored.revised,
        modified=article.modified,
        canonical_url=article.canonical_url,
        site_name=article.site_name,
        section=article.section,
        keywords=list(article.tags),
        completeness=records.Completeness(
            kind=article.completeness.kind, evidence=list(article.completeness.evidence)
        ),
        enclosures=[
            records.Enclosure(url=one.url, type=one.type, length=one.length, title=one.title)
            for one in article.enclosures
        ],
        delivered=stored.delivered,
        same_as=stored.same_as,
        taken_down=stored.page.taken_down,
        link=link,
    )


def version(article_id: int, line: RevisionLine) -> records.Version:
    return records.Version(
        article=article_id,
        number=line.number,
        source=line.source,
        label=line.label,
        reason=line.reason,
        edit=line.edit,
        saved=line.saved,
        fetched=line.fetched,
        title=line.title,
        words=line.words,
        completeness=line.completeness,
        sha256=line.content_hash,
    )


def version_text(found: StoredRevision, wanted: ContentFormat) -> records.VersionText:
    """Return a version with its text."""
    return records.VersionText(
        **version(found.article_id, found.line).model_dump(),
        url=found.article.url,
        authors=list(found.article.authors),
        published=found.article.published,
        content=content_of(found.article, wanted),
        format=wanted,
    )


def change(found: ArticleChange, tags: Sequence[str] = NO_TAGS) -> records.Change:
    return records.Change(
        id=found.id,
        kind=found.kind,
        noticed=found.noticed,
        before=found.before,
        after=found.after,
        reason=found.reason,
        article=headline(found.headline, tags),
    )


def diff(article_id: int, older: int, newer: int, compared: VersionDiff) -> records.Diff:
    """Return two versions as compared. The title is one line of words."""
    return records.Diff(
        article=article_id,
        older=older,
        newer=newer,
        title=[one for paragraph in compared.title.paragraphs for one in _spans(paragraph.pieces)],
        paragraphs=[
            records.DiffParagraph(kind=one.kind, spans=_spans(one.pieces)) for one in compared.text.paragraphs
        ],
        added=compared.text.added,
        removed=compared.text.removed,
        limited=compared.text.limited,
    )


def _spans(pieces: Iterable[DiffSpan]) -> list[records.DiffSpan]:
    return [records.DiffSpan(kind=one.kind, text=one.text) for one in pieces]


def hit(found: Hit, tags: Sequence[str] = NO_TAGS, folded: Sequence[int] = ()) -> records.Hit:
    """Return a hit. folded: hits of the page that are folded under it."""
    return records.Hit(
        article=headline(found.headline, tags, folded),
        title=_marked(found.title),
        snippet=_marked(found.snippet),
        version=found.version,
    )


def _marked(spans: Iterable[HighlightSpan]) -> list[records.HitSpan]:
    return [records.HitSpan(text=one.text, hit=one.hit) for one in spans]


def credit(one: Attribution) -> records.Credit:
    return records.Credit(
        source=one.source,
        mention=one.mention,
        domain=one.domain,
        country=one.country,
        relation=one.relation.value,
        parent=one.parent,
        evidence=one.evidence,
        confidence=one.confidence,
        times=one.times,
    )

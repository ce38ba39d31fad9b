"""Stories, near-duplicates and credits as answers: structured content, and the same as text. Pure."""

from collections.abc import Sequence

from unabridged.archive.records.core import Headline
from unabridged.archive.records.stories import StoryArticle, StoryDetails, StoryLine
from unabridged.mcp_server.text.untrusted import visible
from unabridged.mcp_server.tools import story_answers as answers
from unabridged.mcp_server.tools.rendering import TITLE, Reply, article_line, cut, reply, when
from unabridged.stories.attributions import Attribution
from unabridged.stories.graph import CreditGraph
from unabridged.stories.passages import Contribution

SENTENCE = 300
SENTENCES = 3
"""Characters of a sentence, and sentences that an article adds, in one answer."""
MOST_COPIES, MOST_CREDITS, MOST_EVENTS = 30, 20, 60


def story_line(line: StoryLine) -> answers.StoryLine:
    """Return a story in a list."""
    return answers.StoryLine(
        story=line.number,
        title=cut(line.first.title, TITLE),
        articles=line.articles,
        feeds=line.outlets,
        first_article=line.first.id,
        first_feed=None if line.first.feed_title is None else cut(line.first.feed_title, TITLE),
        first_at=line.first.at,
        newest_article=line.newest.id,
        newest_title=cut(line.newest.title, TITLE),
        newest_at=line.newest.at,
    )


def story_list(answer: answers.StoryList) -> Reply:
    head = [f"Stories, the one with the newest article first: {len(answer.stories) or 'none'}.", answer.basis]
    lines = (
        f"story {one.story} · {one.articles} articles of {one.feeds} feeds · newest {when(one.newest_at)}"
        f"\n{one.title}\nNewest: {one.newest_title}"
        for one in answer.stories
    )
    return reply(head, "\n\n".join(lines), answer.next_cursor, answer)


def story_members(details: StoryDetails, start: int, count: int) -> list[answers.StoryMember]:
    """Return a part of the articles of a story."""
    made = {one.article: one for one in details.contributions}
    return [
        _member(one, made.get(one.headline.id), details)
        for one in details.story.articles[start : start + count]
    ]


def _member(one: StoryArticle, made: Contribution | None, details: StoryDetails) -> answers.StoryMember:
    line, compared = one.headline, made is not None and made.compared
    text = details.texts.get(line.id, "")
    return answers.StoryMember(
        id=line.id,
        title=cut(line.title, TITLE),
        url=visible(line.url),
        outlet=None if one.outlet is None else cut(one.outlet, TITLE),
        at=line.at,
        copy_of=one.copy_of,
        share=round(made.share, 2) if made is not None and compared else None,
        repeats=sorted({passage.source for passage in made.repeated}) if made else [],
        adds=[cut(text[start:end], SENTENCE) for start, end in made.added[:SENTENCES]] if made else [],
    )


def named_sources(graph: CreditGraph) -> list[answers.NamedSource]:
    """Return who names whom in a story."""
    return [
        answers.NamedSource(
            by=cut(graph.nodes[one.by].name, TITLE),
            source=cut(graph.nodes[one.source].name, TITLE),
            confidence=one.confidence,
            article=one.evidence[0].article,
            sentence=cut(one.evidence[0].sentence, SENTENCE),
        )
        for one in graph.edges[:MOST_CREDITS]
    ]


def happenings(details: StoryDetails) -> list[answers.StoryHappening]:
    """Return the timeline of a story."""
    return [
        answers.StoryHappening(at=one.at, kind=one.kind, article=one.article, other=one.other)
        for one in details.events[:MOST_EVENTS]
    ]


def story_part(answer: answers.StoryPart) -> Reply:
    shown = len(answer.articles)
    head = [f"Story {answer.story}: {shown} of {answer.total_articles} articles.", answer.basis]
    parts = [answer.title, *map(_member_text, answer.articles)]
    parts += [
        f"{one.by} names {one.source} (score {one.confidence}): {one.sentence}" for one in answer.credits
    ]
    parts += ["\n".join(_happening_text(one) for one in answer.timeline)] if answer.timeline else []
    return reply(head, "\n\n".join(parts), answer.next_cursor, answer)


def _named_text(one: answers.NamedSource) -> str:
    return f"{one.by} names {one.source} (score {one.confidence}): {one.sentence}"


def _member_text(one: answers.StoryMember) -> str:
    share = "not compared" if one.share is None else f"{one.share:.0%} of its words stand in earlier articles"
    copy = f"nearly the text of article {one.copy_of}" if one.copy_of is not None else share
    facts = f"article {one.id} · {one.outlet or one.url} · {when(one.at)} · {copy}"
    return "\n".join([facts, one.title, *(f"+ {sentence}" for sentence in one.adds)])


def _happening_text(one: answers.StoryHappening) -> str:
    which = "" if one.article is None else f" article {one.article}"
    other = "" if one.other is None else f" ({'article' if one.article else 'story'} {one.other})"
    return f"{when(one.at)}: {one.kind.replace('_', ' ')}{which}{other}"


def article_origins(
    article_id: int, copies: Sequence[Headline], credits: Sequence[Attribution], story: int | None
) -> Reply:
    """Return the near-duplicates of an article, the sources that it names, and its story."""
    answer = answers.ArticleOrigins(
        id=article_id,
        story=story,
        copies=[article_line(one) for one in copies[:MOST_COPIES]],
        credits=[_credit_line(one, credits) for one in credits[:MOST_CREDITS]],
    )
    head = [
        f"Article {article_id}: {len(copies)} others with nearly its text, {len(credits)} sources named.",
        f"It is in story {story}." if story is not None else "It is in no story.",
        answer.basis,
    ]
    lines = [
        f"copy: article {one.id} · {one.feed or ''} · {when(one.published)}\n{one.title}\n{one.url}"
        for one in answer.copies
    ]
    return reply(head, "\n\n".join([*lines, *map(_credit_text, answer.credits)]), None, answer)


def _credit_line(one: Attribution, credits: Sequence[Attribution]) -> answers.CreditLine:
    return answers.CreditLine(
        source=cut(one.source, TITLE),
        relation=one.relation.value,
        through=None if one.parent is None else cut(credits[one.parent].source, TITLE),
        confidence=one.confidence,
        sentence=cut(one.evidence, SENTENCE),
    )


def _credit_text(one: answers.CreditLine) -> str:
    through = f", through {one.through}" if one.through else ""
    return f"source: {one.source} ({one.relation}{through}, score {one.confidence}): {one.sentence}"

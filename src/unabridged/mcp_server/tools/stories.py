"""Tools for stories, near-duplicates and credited sources."""

from unabridged.archive.records.stories import StoryQuery
from unabridged.mcp_server.caller import Caller
from unabridged.mcp_server.text.cursors import read_offset
from unabridged.mcp_server.text.times import parse_moment
from unabridged.mcp_server.tools import story_rendering as rendering
from unabridged.mcp_server.tools.arguments import StoriesArguments, StoryArguments, TraceArguments
from unabridged.mcp_server.tools.reading import article_number, cursor_at, feed_number, place_of
from unabridged.mcp_server.tools.rendering import TITLE, Reply, cut
from unabridged.mcp_server.tools.story_answers import StoryList, StoryPart


def list_stories(caller: Caller, given: StoriesArguments) -> Reply:
    """List stories, the one with the newest article first. Raises NotFound, InvalidValue."""
    found = caller.library.stories.recent(
        StoryQuery(
            since=None if given.since is None else parse_moment(given.since, now=caller.clock()),
            feed=None if given.feed is None else feed_number(caller, given.feed),
            articles=given.articles,
            before=place_of(given, given.cursor),
            limit=given.limit,
        )
    )
    lines = [rendering.story_line(one) for one in found.stories]
    return rendering.story_list(StoryList(stories=lines, next_cursor=cursor_at(given, found.next)))


def read_story(caller: Caller, given: StoryArguments) -> Reply:
    """Read a story: its articles, who names whom, and the timeline. Raises NotFound, InvalidValue."""
    offset = read_offset(place_of(given, given.cursor))
    details = caller.library.stories.details(given.story)
    total = len(details.story.articles)
    after = offset + given.limit
    answer = StoryPart(
        story=details.story.number,
        title=cut(details.story.first.title, TITLE),
        total_articles=total,
        articles=rendering.story_members(details, offset, given.limit),
        credits=[] if offset else rendering.named_sources(details.graph),
        timeline=[] if offset else rendering.happenings(details),
        reader_address=caller.story_address(details.story.number),
        next_cursor=cursor_at(given, after if after < total else None),
    )
    return rendering.story_part(answer)


def trace_article(caller: Caller, given: TraceArguments) -> Reply:
    """Tell which articles have nearly the text of one, and which sources it names. Raises NotFound."""
    number, stories = article_number(caller, given.article), caller.library.stories
    copies, credits = stories.copies(number), stories.credits(number)
    return rendering.article_origins(number, copies, credits, stories.of_article(number))

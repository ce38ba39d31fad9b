"""Records of events, and events as lines of a stream."""

from unabridged.api_records import events as records
from unabridged.archive.records.events import Event, EventPage


def event(found: Event) -> records.Event:
    return records.Event(
        number=found.number,
        kind=found.kind,
        at=found.at,
        feed=found.feed,
        article=found.article,
        before=found.before,
        after=found.after,
        details=dict(found.details),
        title=found.title,
        url=found.url,
    )


def event_page(page: EventPage) -> records.EventPage:
    return records.EventPage(events=[event(one) for one in page.events], next=page.next, more=page.more)


def as_stream(page: EventPage) -> str:
    """Return a page as server-sent events; an empty one is a comment that moves the client's place on.

    https://html.spec.whatwg.org/multipage/server-sent-events.html
    """
    if not page.events:
        return f"id: {page.next}\n: still here\n\n"
    return "".join(
        f"id: {one.number}\nevent: {one.kind}\ndata: {event(one).model_dump_json()}\n\n"
        for one in page.events
    )

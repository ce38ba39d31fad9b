"""Categories of the Miniflux API: folders, and one category of all feeds that are in none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from unabridged.archive.records.core import Folder, Subscription
from unabridged.archive.records.items import ItemStream, StreamPart
from unabridged.serve.sync.miniflux.answers import NOT_FOUND, Refusal, json_response, no_content
from unabridged.serve.sync.miniflux.marks import now_stamp
from unabridged.serve.sync.miniflux.requests import Sent

ALL, ALL_TITLE = 2_147_483_647, "All"
"""The category of feeds that are in no folder. Its number is the highest that fits in 32 bits."""

TAKEN = "This category already exists."
NO_TITLE = "The title is mandatory."
FIXED = "The category of all feeds that are in no other one cannot be changed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A category. parts: of the items in it."""

    id: int
    title: str
    parts: tuple[StreamPart, ...]


def all_category() -> Category:
    parts = (StreamPart(kind="no_folder"), StreamPart(kind="other"))
    return Category(id=ALL, title=ALL_TITLE, parts=parts)


def _of_folder(folder: Folder) -> Category:
    return Category(id=folder.id, title=folder.name, parts=(StreamPart(kind="folder", number=folder.id),))


def category_object(category: Category, user: int) -> dict[str, Any]:
    return {"id": category.id, "title": category.title, "user_id": user, "hide_globally": False}


def category_of(one: Subscription) -> Category:
    """Return the category of a subscription."""
    if one.folder_id is None or one.folder is None:
        return all_category()
    return _of_folder(Folder(id=one.folder_id, name=one.folder))


def find_category(sent: Sent, number: int) -> Category | None:
    """Return a category of the caller's by number; None if there is none."""
    if number == ALL:
        return all_category()
    folders = sent.library.subscriptions.folder_names()
    return next((_of_folder(one) for one in folders if one.id == number), None)


def known_category(sent: Sent) -> Category:
    """Return the category in the path. Raises Refusal if there is none."""
    found = find_category(sent, sent.numbers["category"])
    if found is None:
        raise Refusal(404, NOT_FOUND)
    return found


def list_categories(sent: Sent) -> Response:
    """Return the categories by title, the one of all other feeds first; with counts if they are asked for."""
    folders = sent.library.subscriptions.folder_names()
    found = [all_category(), *map(_of_folder, sorted(folders, key=lambda one: one.name.casefold()))]
    objects = [category_object(one, sent.user) for one in found]
    if sent.parameters.last("counts") == "true":
        counts = _counts(sent)
        objects = [{**one, **counts.get(one["id"], NO_COUNTS)} for one in objects]
    return json_response(objects)


NO_COUNTS: Mapping[str, int] = {"feed_count": 0, "total_unread": 0}


def _counts(sent: Sent) -> dict[int, dict[str, int]]:
    _, unread = sent.library.items.counts_by_feed()
    found: dict[int, dict[str, int]] = {}
    for one in sent.library.items.subscriptions():
        counts = found.setdefault(ALL if one.folder_id is None else one.folder_id, dict(NO_COUNTS))
        counts["feed_count"] += 1
        counts["total_unread"] += unread.get(one.feed.id, 0)
    return found


def _new_title(sent: Sent, kept: int | None = None) -> str:
    """Return the title in the body. Raises Refusal for none, and for that of a category other than `kept`."""
    title = (sent.fields.text("title") or "").strip()
    if not title:
        raise Refusal(400, NO_TITLE)
    known = {one.name.casefold(): one.id for one in sent.library.subscriptions.folder_names()}
    if known.get(title.casefold(), kept) != kept or title.casefold() == ALL_TITLE.casefold():
        raise Refusal(400, TAKEN)
    return title


def create_category(sent: Sent) -> Response:
    made = sent.library.subscriptions.add_folder(_new_title(sent))
    return json_response(category_object(_of_folder(made), sent.user), 201)


def rename_category(sent: Sent) -> Response:
    here = known_category(sent)
    title = _new_title(sent, here.id)
    if here.id == ALL:
        raise Refusal(400, FIXED)
    sent.library.subscriptions.rename_folder(here.title, title)
    renamed = find_category(sent, here.id) or here
    return json_response(category_object(renamed, sent.user), 201)


def remove_category(sent: Sent) -> Response:
    """Remove a category; its feeds stay, in the one of all other feeds."""
    here = known_category(sent)
    if here.id == ALL:
        raise Refusal(400, FIXED)
    sent.library.subscriptions.remove_folder(here.title)
    return no_content()


def mark_category_read(sent: Sent) -> Response:
    stream = ItemStream(parts=known_category(sent).parts, stamped=now_stamp(sent))
    sent.library.items.read_all(stream, now=sent.now)
    return no_content()

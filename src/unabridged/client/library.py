"""Tags, saved searches and highlights of the library."""

from collections.abc import Iterator

from unabridged.api_records import library as records
from unabridged.api_records.feeds import NewName
from unabridged.client.connection import Connection


class Tags:
    """Tags of a person: `client.tags`. Articles get them by `client.articles.mark`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[records.Tag]:
        """Return the tags by name."""
        return self._connection.get("/tags", records.TagList).tags

    def rename(self, tag_id: int, name: str) -> list[records.Tag]:
        """Rename a tag, and return all tags. Raises NoSuchThing."""
        return self._connection.send("PATCH", f"/tags/{tag_id}", records.TagList, NewName(name=name)).tags

    def remove(self, tag_id: int) -> None:
        """Remove a tag from all articles. Raises NoSuchThing."""
        self._connection.delete(f"/tags/{tag_id}")


class SavedSearches:
    """Saved searches of a person: `client.searches`. Their lists are `client.articles.all(search=…)`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[records.SavedSearch]:
        """Return the saved searches by name."""
        return self._connection.get("/searches", records.SavedSearchList).searches

    def add(self, draft: records.SearchDraft) -> records.SavedSearch:
        """Save a search. Raises InvalidRequest, which says what is wrong with the query."""
        return self._connection.send("POST", "/searches", records.SavedSearch, draft)

    def change(self, search_id: int, draft: records.SearchDraft) -> records.SavedSearch:
        """Replace a saved search. Raises NoSuchThing, InvalidRequest."""
        return self._connection.send("PUT", f"/searches/{search_id}", records.SavedSearch, draft)

    def remove(self, search_id: int) -> None:
        """Delete a saved search; its articles stay. Raises NoSuchThing."""
        self._connection.delete(f"/searches/{search_id}")


class Highlights:
    """Highlights and notes of a person: `client.highlights`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> Iterator[records.Highlight]:
        """Yield the highlights, newest first."""
        for page in self._connection.pages("/highlights", records.HighlightPage):
            yield from page.highlights

    def of_article(self, article_id: int) -> list[records.Highlight]:
        """Return the highlights of an article, oldest first. Raises NoSuchThing."""
        path = f"/articles/{article_id}/highlights"
        return self._connection.get(path, records.HighlightPage).highlights

    def add(self, new: records.NewHighlight) -> records.Highlight:
        """Mark words of an article. Raises InvalidRequest if they are not in it."""
        return self._connection.send("POST", "/highlights", records.Highlight, new)

    def set_note(self, highlight_id: int, note: str) -> records.Highlight:
        """Replace the note of a highlight. Raises NoSuchThing."""
        body = records.HighlightChange(note=note)
        return self._connection.send("PATCH", f"/highlights/{highlight_id}", records.Highlight, body)

    def remove(self, highlight_id: int) -> None:
        """Remove a highlight with its note. Raises NoSuchThing."""
        self._connection.delete(f"/highlights/{highlight_id}")

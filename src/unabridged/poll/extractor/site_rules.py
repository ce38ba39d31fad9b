"""People's folders of site rules, looked up for each page; a changed file holds from the next page on."""

from collections.abc import Callable, Sequence
from pathlib import Path

from unabridged.extraction.rules.model import SiteRules
from unabridged.extraction.rules.parse import rules_for
from unabridged.urls import host

START_OF_PAGE = 20_000
"""Bytes in which a page names the software it was made with."""


class Rulebook:
    """Rules by folder, people's own first. folders: of FiveFilters site-config files."""

    def __init__(self, folders: Sequence[str | Path]) -> None:
        self._readers = [_reader(Path(folder).expanduser()) for folder in folders]

    def rules(self, url: str, page: bytes = b"") -> SiteRules | None:
        """Return the merged rules for a page's site, None where no folder knows it."""
        if not self._readers:
            return None
        start = page[:START_OF_PAGE].decode("utf-8", "replace")
        return rules_for(host(url), self._readers, start)


def _reader(folder: Path) -> Callable[[str], str | None]:
    def read(name: str) -> str | None:
        try:
            return (folder / name).read_text(encoding="utf-8", errors="replace")
        except (OSError, ValueError):  # no such file, or a host that is no file name
            return None

    return read

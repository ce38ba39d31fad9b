"""Lookup of site rules: those stored in the archive, then folders of files. A change applies from the next
page on."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from unabridged.extraction.rules.model import SiteRules
from unabridged.extraction.rules.parse import rules_for
from unabridged.urls import host

START_OF_PAGE = 20_000
"""Bytes of a page that are searched for the name of the software that made it."""


NO_RULES: Mapping[str, str] = {}


class SiteRuleFolders:
    """Site rules from folders of FiveFilters site-config files; earlier folders take precedence.

    stored: file name -> rules that were saved in the reader; these come before all folders.
    """

    def __init__(self, folders: Sequence[str | Path], stored: Mapping[str, str] = NO_RULES) -> None:
        self.folders = tuple(folders)
        self.stored = dict(stored)
        self._readers: list[Callable[[str], str | None]] = [self.stored.get]
        self._readers += [_reader(Path(folder).expanduser()) for folder in folders]

    def rules(self, url: str, page: bytes = b"") -> SiteRules | None:
        """Return the merged rules for a page's site, None if no folder has any."""
        if not self.folders and not self.stored:
            return None
        start = page[:START_OF_PAGE].decode("utf-8", "replace")
        return rules_for(host(url), self._readers, start)


def _reader(folder: Path) -> Callable[[str], str | None]:
    def read(name: str) -> str | None:
        try:
            return (folder / name).read_text(encoding="utf-8", errors="replace")
        except (OSError, ValueError):  # no such file, or the host is not a valid file name
            return None

    return read

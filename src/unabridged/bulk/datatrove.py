"""Our extractor as a block of a datatrove pipeline, in the place of its Trafilatura block.

from unabridged.bulk.datatrove import Unabridged

pipeline = [WarcReader("crawl/"), Unabridged(), JsonlWriter("out/")]

With the profiles of an earlier run (`unabridged bulk --save-profiles sites.jsonl`), pages of their sites are
read by them: `Unabridged(profiles="sites.jsonl")`.
"""

from pathlib import Path
from typing import Any

from datatrove.pipeline.extractors.base import BaseExtractor

from unabridged.bulk.sites.profiles import read_profiles
from unabridged.bulk.sites.reading import SiteReader
from unabridged.errors import ExtractError, InvalidURL
from unabridged.extraction import extract
from unabridged.extraction.request import ExtractRequest
from unabridged.model import Article


class Unabridged(BaseExtractor):  # type: ignore[misc]
    """The whole clean text of a page's article.

    timeout: seconds of a page. not_articles: keep the text of pages, too, that are no article (front
    pages, lists), as the other extractors do; else they are dropped. profiles: a file of site profiles; the
    page's address is then `url` of its document's metadata. Raises ExportError if it cannot be read.
    """

    name = "📰 Unabridged"

    def __init__(
        self, timeout: float = 5, not_articles: bool = True, profiles: str | Path | None = None
    ) -> None:
        super().__init__(timeout)
        self.not_articles = not_articles
        self.reader = SiteReader(read_profiles(Path(profiles)).texts if profiles is not None else {})

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Any:
        """Extract every document; the block's process is handed its address beside its text."""
        return super().run(map(_with_address, data) if self.reader.texts else data, rank, world_size)

    def extract(self, text: str, url: str = "") -> str:
        """Return a page's text, "" where it has none.

        text: the page's HTML. url: its address, for the profile of its site.
        """
        try:
            article = self._article(text, url)
        except ExtractError:
            return ""
        if article.completeness.kind == "not_an_article" and not self.not_articles:
            return ""
        return article.text

    def _article(self, text: str, url: str) -> Article:
        try:
            known = self.reader.read(ExtractRequest(html=text, url=url)) if url else None
        except InvalidURL:  # the text is as good
            known = None
        return known or extract(text)


def _with_address(document: Any) -> Any:
    """Put a document's address beside its text: datatrove passes a tuple on as arguments."""
    document.text = (document.text, str(document.metadata.get("url") or ""))
    return document

"""Our extractor as a block of a datatrove pipeline, in the place of its Trafilatura block.

from unabridged.bulk.datatrove import Unabridged

pipeline = [WarcReader("crawl/"), Unabridged(), JsonlWriter("out/")]
"""

from datatrove.pipeline.extractors.base import BaseExtractor

from unabridged.errors import ExtractError
from unabridged.extraction import extract


class Unabridged(BaseExtractor):  # type: ignore[misc]
    """The whole clean text of a page's article.

    timeout: seconds of a page. not_articles: keep the text of pages, too, that are no article (front
    pages, lists), as the other extractors do; else they are dropped.
    """

    name = "📰 Unabridged"

    def __init__(self, timeout: float = 5, not_articles: bool = True) -> None:
        super().__init__(timeout)
        self.not_articles = not_articles

    def extract(self, text: str) -> str:
        """Return a page's text, "" where it has none.

        text: the page's HTML.
        """
        try:
            article = extract(text)
        except ExtractError:
            return ""
        if article.completeness.kind == "not_an_article" and not self.not_articles:
            return ""
        return article.text

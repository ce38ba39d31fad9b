"""An article as a file of its own: Markdown or plain text."""

from unabridged.model import Article
from unabridged.text.controls import on_one_line


def markdown_of(article: Article) -> bytes:
    """Return the title as a heading, and the body as Markdown."""
    return f"# {on_one_line(article.title)}\n\n{article.markdown}\n".encode(errors="replace")


def text_of(article: Article) -> bytes:
    """Return the plain text of the body."""
    return (article.text + "\n").encode(errors="replace")

"""Digests and books: contents and chapters, EPUB, one HTML page."""

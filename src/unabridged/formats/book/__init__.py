"""Digests and books: edition, EPUB, one HTML page."""

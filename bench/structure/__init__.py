"""Structures of an article as fingerprints: how they are read from HTML and Markdown, and matched."""

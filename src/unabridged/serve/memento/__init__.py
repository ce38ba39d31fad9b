"""Memento (RFC 7089): versions of articles by the address of their page and a time."""

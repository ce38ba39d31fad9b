"""Measurements: the examination over corpora, and speed beside peers."""

"""Extraction in child processes, with the site rules."""

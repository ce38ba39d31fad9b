"""Phrases that credit a source, by language: fragments of regular expressions, joined in compiled.py."""

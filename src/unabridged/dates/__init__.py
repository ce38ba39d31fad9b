"""Tolerant parsing of dates."""

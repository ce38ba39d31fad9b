"""Feeds brought up to date: when, and what happens then."""

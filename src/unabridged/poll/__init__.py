"""Polling: fetch feeds and article pages on schedule, extract, and save."""

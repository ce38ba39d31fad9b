"""Sync APIs for reader apps: Google Reader, Fever and Miniflux."""

"""Sync APIs for reader apps: Google Reader and Fever."""

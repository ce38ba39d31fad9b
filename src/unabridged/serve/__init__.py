"""The web app, the full-text feeds and the sync APIs."""

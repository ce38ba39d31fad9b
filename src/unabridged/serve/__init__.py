"""The web app and the full-text feeds."""

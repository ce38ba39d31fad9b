"""HTTP routes of the web app and the full-text feeds."""

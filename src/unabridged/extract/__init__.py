"""Page to Article, pure: no network, no clock, no database."""

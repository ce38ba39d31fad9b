"""Rules that set articles aside, and saved searches: which articles they match, kept up to date."""

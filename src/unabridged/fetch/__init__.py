"""URL to Page, politely and safely."""

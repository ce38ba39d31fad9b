"""Articles in the data of a page's scripts and templates."""

"""Articles on several pages: next pages, full views, joining."""

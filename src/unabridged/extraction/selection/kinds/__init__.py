"""Kinds of pages: article, forum, listing, product, documentation, service, collection."""

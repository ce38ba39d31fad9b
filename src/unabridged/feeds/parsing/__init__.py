"""Feed documents to Feed records."""

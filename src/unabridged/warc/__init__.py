"""WARC files, the exchange format of web archives (ISO 28500), read; publishing writes them."""

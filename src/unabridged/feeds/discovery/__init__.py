"""Feeds of a site: links, known services, pages without a feed."""

"""Fetching and saving one article's pages and images."""

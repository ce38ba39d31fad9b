"""Feeds that others read: the cache of full-text feeds, their archives, private addresses."""

"""Proof bundles: one version of an article with its raw page and hashes, in one file."""

"""Attributions measured on a labelled set of sentences in eight languages."""

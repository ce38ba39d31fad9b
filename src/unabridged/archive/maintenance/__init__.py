"""Verify, back up, copy, recover, measure."""

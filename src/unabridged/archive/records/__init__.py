"""Records that the archive takes and returns: plain frozen dataclasses."""

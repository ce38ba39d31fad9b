"""Commands on the archive as a whole."""

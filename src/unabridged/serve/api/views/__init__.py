"""Records of the archive as records of the API. Pure."""

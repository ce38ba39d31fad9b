"""Records of /api/v1 as JSON, shared by the server and the Python client."""

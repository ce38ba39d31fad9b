"""REST API of Miniflux, version 1, as its apps and libraries speak it."""

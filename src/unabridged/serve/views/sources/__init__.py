"""View-models of sources: settings of a feed, additions, health."""

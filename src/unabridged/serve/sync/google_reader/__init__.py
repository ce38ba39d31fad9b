"""Google Reader API, as FreshRSS, Miniflux and FeedHQ offer it to apps."""

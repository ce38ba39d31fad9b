"""Commands by subject: articles, subscriptions, the database, servers."""

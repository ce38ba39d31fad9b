"""WebSub hub of our own feeds: subscribers, their verification, deliveries."""

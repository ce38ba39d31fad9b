"""What is done when something happens: readers of the log of events, deliveries to webhooks."""

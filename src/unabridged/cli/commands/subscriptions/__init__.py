"""Commands on feeds and subscriptions."""

"""Changes by publishers, for people and feed readers: edits with their words, take-downs, restorations."""

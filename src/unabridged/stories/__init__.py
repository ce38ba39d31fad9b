"""Stories: who says so. Articles in, attributions out; pure."""

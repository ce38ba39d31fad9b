"""Saving what was polled or imported, and the schedule of polls."""

"""Polling of many feeds beside other readers, on one machine, in one run."""

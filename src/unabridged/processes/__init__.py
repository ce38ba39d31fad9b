"""Pools of child processes with limits."""

"""Agents: strategies for a whole relationship."""

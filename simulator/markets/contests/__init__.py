"""Competing for clients: the bidders, the games on their shortlists, and what winning is worth."""

"""Many clients and vendors, each with a strategy: competing, meeting, leaving, and meeting again."""

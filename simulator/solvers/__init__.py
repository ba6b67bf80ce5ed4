"""Mathematics on arrays: nothing here knows what a scenario or an agent is."""

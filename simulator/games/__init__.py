"""Stage games: payoff matrices compiled from a scenario, or given by it."""

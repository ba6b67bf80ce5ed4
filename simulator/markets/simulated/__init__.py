"""The market of the scenario's numbers of parties, simulated period by period on arrays."""

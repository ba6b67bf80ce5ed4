"""One pair over time: the chain, the exact answer, the simulation, and play step by step."""

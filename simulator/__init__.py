"""A negotiation simulator: repeated bargaining between vendors and clients."""

"""One negotiation: the deal space, the tactics, and the protocol of alternating offers."""

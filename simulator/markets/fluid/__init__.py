"""The market of infinitely many parties: masses of relationships and of free parties, moved period by period."""

"""What happened in a workshop, shown: numbers, sentences, charts, own sheets and exports, all from a record."""

"""Results for people: headlines, tables, plots and files."""

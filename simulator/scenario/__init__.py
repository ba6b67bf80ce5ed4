"""The story and its numbers: plain data, read from one TOML file."""

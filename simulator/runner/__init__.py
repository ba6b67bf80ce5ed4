"""What users ask for: loading scenarios, comparing strategies."""

"""Full-text index: tokenizer, writer, consistency check, rebuild."""

"""One consensus method a file, each offering the constant ``METHOD``."""

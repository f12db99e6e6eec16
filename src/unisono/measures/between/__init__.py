"""One measure of two answers a file, each offering the constant ``MEASURE``."""

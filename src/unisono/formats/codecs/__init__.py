"""One file a format, each offering ``CODEC``."""

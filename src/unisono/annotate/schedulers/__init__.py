"""One file a scheduler, each offering ``SCHEDULER``."""

"""One file a label type, each offering ``LABEL``."""

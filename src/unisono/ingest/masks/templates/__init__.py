"""Where known scanners put the image on their screen, one file a layout, each offering ``TEMPLATE``."""

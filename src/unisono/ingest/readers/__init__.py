"""One reader a format; each hands on the same facts, and frames one at a time in true colour."""

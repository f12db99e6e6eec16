"""Results go out: versioned packages that others can load."""

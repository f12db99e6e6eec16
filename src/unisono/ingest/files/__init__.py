"""What lies under a path: files told by their first bytes, archives read in place, nothing unpacked."""

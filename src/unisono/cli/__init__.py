"""The command line: parse, call a room's door, print."""

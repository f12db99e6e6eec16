"""Numbers that compare answers; pure functions of coordinates."""

"""Recordings come in: read, de-identified, coded and stored."""

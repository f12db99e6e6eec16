"""Alembic migrations; each is written once and never edited."""

"""Which pixels may stay: shapes fitted to what moves, traces, templates, and what a person drew."""

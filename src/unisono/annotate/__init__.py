"""Experts answer: protocols, projects, blind queues, saving."""

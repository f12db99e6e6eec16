"""Codes instead of names: what of a header may stay, the keys, and the vault that leads back."""

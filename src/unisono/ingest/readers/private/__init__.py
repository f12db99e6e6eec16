"""Readers of makers' private pixels: one file a maker, each with a constant READER."""

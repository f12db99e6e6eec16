"""Let ``python -m unisono.cli`` do what ``unisono`` does."""

from unisono.cli.main import run

run()

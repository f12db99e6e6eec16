"""The annotate room's door.

Every function takes an open connection first, so the caller decides what belongs in one transaction:
``catalog.read`` or ``aread`` for those that only look, ``catalog.write`` or ``awrite`` for those that save.
"""

from unisono.catalog.db import Catalog, open_catalog

__all__ = ["Catalog", "open_catalog"]

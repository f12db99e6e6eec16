"""What a method learnt from all items, as plain numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from unisono.labels.parsing import Json

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a method learnt from all items; plain numbers, so it is stored with the result.

    Parameters
    ----------
    numbers : mapping of str to float
    tables : mapping of str to mapping of str to float64 ndarray
        By table and expert, such as one confusion matrix an expert.
    """

    numbers: Mapping[str, float] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, Floats]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Json]:
        """Return what `from_json` reads."""
        tables = {name: {k: v.tolist() for k, v in rows.items()} for name, rows in self.tables.items()}
        return {"numbers": dict(self.numbers), "tables": tables}

    @classmethod
    def from_json(cls, raw: Mapping[str, Json]) -> "Learnt":
        """Read what `to_json` wrote."""
        tables = {
            name: {k: np.asarray(v, dtype=np.float64) for k, v in rows.items()}
            for name, rows in raw["tables"].items()
        }
        return cls({k: float(v) for k, v in raw["numbers"].items()}, tables)

"""The settings table: every knob once, with its name, default and meaning.

Read from the environment in ``cli`` and ``web`` only, and passed down. ``docs/settings.md`` is checked
against `TABLE`.
"""

# ruff: noqa: RUF009  # _setting only wraps dataclasses.field
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from unisono.base.errors import SettingsError

REVIEWS = ("person", "gate", "none")


def _setting(default: Any, env: str, help_text: str) -> Any:  # noqa: ANN401  # dataclasses.field is untyped too
    return field(default=default, metadata={"env": env, "help": help_text})


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a site keeps its data and how it serves.

    Every field can be set by the environment variable named in `TABLE`.
    """

    home: Path = _setting(
        Path("unisono-home"), "UNISONO_HOME", "folder of the catalog, the frames and the site secret"
    )
    database: str = _setting(
        "", "UNISONO_DATABASE", "database URL; empty means SQLite inside the home folder"
    )
    frames: str = _setting(
        "",
        "UNISONO_FRAMES",
        "address of the store of approved frames, such as s3://bucket/prefix; empty means the home folder",
    )
    host: str = _setting("127.0.0.1", "UNISONO_HOST", "address to listen on; loopback by default")
    port: int = _setting(8000, "UNISONO_PORT", "port to listen on, 0 to 65535; 0 takes a free one")
    workers: int = _setting(
        0, "UNISONO_WORKERS", "processes for batch work, 0 to 256; 0 means one for each core"
    )
    cluster: str = _setting(
        "", "UNISONO_CLUSTER", "address of a Dask scheduler, tcp://host:port; empty works locally"
    )
    review: str = _setting(
        "person",
        "UNISONO_REVIEW",
        "who must have looked at a clip before it may be used: person, gate (the text gate alone) or none",
    )
    split: int = _setting(
        0,
        "UNISONO_SPLIT",
        "1 to cut a recording of more than 10000 frames into parts that are clips; 0 to refuse it",
    )
    session_idle_h: float = _setting(
        8.0, "UNISONO_SESSION_IDLE_H", "hours without a request after which a sign-in ends, 0.1 to 720"
    )
    session_max_h: float = _setting(
        168.0, "UNISONO_SESSION_MAX_H", "hours after which a sign-in ends in any case, 0.1 to 8760"
    )

    def __post_init__(self) -> None:
        if self.review not in REVIEWS:
            raise SettingsError(f"review is one of: {', '.join(REVIEWS)}; got {self.review!r}")
        if self.frames and "://" not in self.frames:
            raise SettingsError("frames is empty or an address with ://, such as s3://bucket/prefix")
        for name, low, high in (
            ("port", 0, 65535),
            ("workers", 0, 256),
            ("split", 0, 1),
            ("session_idle_h", 0.1, 720),
            ("session_max_h", 0.1, 8760),
        ):
            value = getattr(self, name)
            if not low <= value <= high:
                raise SettingsError(f"{name} must be between {low} and {high}; got {value}")

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database or f"sqlite:///{self.home / 'catalog.sqlite'}"


@dataclass(frozen=True, slots=True)
class Knob:
    """One row of the settings table."""

    name: str
    env: str
    default: str
    help: str


TABLE: tuple[Knob, ...] = tuple(
    Knob(f.name, f.metadata["env"], str(f.default), f.metadata["help"]) for f in fields(Settings)
)


def read_settings(environ: Mapping[str, str] | None = None, **given: Any) -> Settings:  # noqa: ANN401  # one per field
    """Return the settings: what is given, else the environment, else the default.

    Parameters
    ----------
    environ : mapping, optional
        Defaults to the process's environment.
    **given
        Fields that a command line set; ``None`` counts as not given.

    Raises
    ------
    SettingsError
        If a value cannot be read as its type, is out of range, or a ``UNISONO_*`` name is unknown.
    """
    env = os.environ if environ is None else environ
    known = {knob.env: knob.name for knob in TABLE}
    for name in env:
        if name.startswith("UNISONO_") and name not in known:
            raise SettingsError(f"unknown setting {name}; there are: {', '.join(sorted(known))}")
    values: dict[str, Any] = {
        known[name]: _typed(known[name], text) for name, text in env.items() if name in known
    }
    values.update({name: value for name, value in given.items() if value is not None})
    return Settings(**values)


def _typed(name: str, text: str) -> Path | int | float | str:
    default: object = next(f.default for f in fields(Settings) if f.name == name)
    kinds: tuple[type[Path | int | float], ...] = (Path, int, float)
    kind = next((k for k in kinds if isinstance(default, k)), str)
    try:
        return kind(text)
    except ValueError:
        raise SettingsError(f"{name} must be of type {kind.__name__}; got {text!r}") from None

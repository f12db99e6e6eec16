"""Names of images: the Unity codes, what may be wrong with them, and where the frame lies.

A clip's code is ``CC-`` and 64 hex digits; a frame's is that, ``-`` and its number in four digits, from 0.
Other systems leave the class away, put ``:`` for ``.`` (a key store that forbids dots), or carry a browser's
``_(1)`` of a second download.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from unisono.base.errors import FormatError

CLIP = re.compile(r"^[0-9]{2}-[0-9a-f]{64}$")
FRAME = re.compile(r"^([0-9]{2}-[0-9a-f]{64})-([0-9]{4})$")
_LOOSE = re.compile(r"^(?:([0-9]{2})-)?([0-9a-f]{64})(-[0-9]{4})?$")
_SECOND_DOWNLOAD = re.compile(r"_\([0-9]+\)$")
_ALIAS = re.compile(r"^(.+)(-[0-9]{4})$")


@dataclass(frozen=True, slots=True)
class Names:
    """How images that are not named by a full code are to be understood.

    Parameters
    ----------
    dataset_class : str
        Two digits for names that lack theirs; empty refuses them.
    aliases : mapping of str to str
        Clip code by the name that a file uses for the clip.
    """

    dataset_class: str = ""
    aliases: Mapping[str, str] = field(default_factory=dict)


def image_of(name: str, names: Names | None = None, where: str = "") -> str:
    """Return the frame code (or clip code) that a name in a file means.

    Parameters
    ----------
    name : str
        Such as ``01-<64 hex>-0017.png``, ``<64 hex>-0017_(1).png`` or ``png-cache/01/ab/cd/01-...:png``.
    names : Names, optional
    where : str
        The file, for the error.

    Raises
    ------
    FormatError
        If it is none of the legal spellings.

    Examples
    --------
    >>> image_of("a" * 64 + "-0003_(1):png", Names("02"))[:6]
    '02-aaa'
    """
    names = names or Names()
    stem = _SECOND_DOWNLOAD.sub("", name.rsplit("/", 1)[-1].replace(":", ".").split(".", 1)[0])
    match = _LOOSE.match(stem)
    if match and (match[1] or names.dataset_class):
        return f"{match[1] or names.dataset_class}-{match[2]}{match[3] or ''}"
    alias = _ALIAS.match(stem)
    if alias and alias[1] in names.aliases:
        return f"{names.aliases[alias[1]]}{alias[2]}"
    if match:
        raise FormatError(f"{where}: image {name!r} does not say its class; give one of two digits")
    raise FormatError(f"{where}: image {name!r} is not named CC-<64 hex digits>-NNNN.png")


def clip_of(image: str) -> str:
    """Return the clip code of a frame code or clip code."""
    match = FRAME.match(image)
    return match[1] if match else image


def frame_number_of(image: str) -> int | None:
    """Return the number of a frame, from 0; None for a clip."""
    match = FRAME.match(image)
    return int(match[2]) if match else None


def png_path(frame: str) -> str:
    """Return where a frame lies in a release: ``png-cache/CC/h1h2/h3h4/<code>.png``."""
    return f"png-cache/{frame[:2]}/{frame[3:5]}/{frame[5:7]}/{frame}.png"

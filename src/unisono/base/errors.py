"""Every error that unisono raises on purpose, as one tree.

::

    UnisonoError
     +- SettingsError        a setting is missing, unknown or out of range
     +- PluginError          a plug-in folder holds a module that breaks the contract
     +- ProtocolError        a protocol file does not say what it must
     +- LabelError           an answer is not of the form its question asks for
     +- IngestError          a recording was refused; ``code`` says which rule refused it
     +- FormatError          a label file of another system cannot be read or written
     +- CatalogError         the catalog cannot do what was asked
     |   +- NotFoundError    no such row
     |   +- ConflictError    the row exists already and says something else
     +- AccessError          this person may not see or do that
     +- ReleaseError         a release cannot be built or does not verify

A message says what came, what is legal, and where.
"""


class UnisonoError(Exception):
    """Root of the tree; its text is one sentence for the person who can mend the cause."""


class SettingsError(UnisonoError):
    """A setting is missing, unknown or out of range."""


class PluginError(UnisonoError):
    """A plug-in folder holds a module that breaks the contract."""


class ProtocolError(UnisonoError):
    """A protocol file does not say what it must."""


class LabelError(UnisonoError):
    """An answer is not of the form its question asks for."""


class IngestError(UnisonoError):
    """A recording was refused.

    Parameters
    ----------
    code : str
        The rule that refused it, such as ``E_TRUNCATED``; ``docs/rooms/ingest.md`` lists all.
    message : str
        One sentence. It never carries a header value or a path: those may name a patient.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message

    def __reduce__(self) -> tuple[type["IngestError"], tuple[str, str]]:
        """Cross a process border whole: the default would lose ``code``."""
        return (type(self), (self.code, self.message))


class FormatError(UnisonoError):
    """A label file of another system cannot be read or written."""


class CatalogError(UnisonoError):
    """The catalog cannot do what was asked."""


class NotFoundError(CatalogError):
    """No such row."""


class ConflictError(CatalogError):
    """The row exists already and says something else."""


class AccessError(UnisonoError):
    """A person asked for what he may not see or do."""


class ReleaseError(UnisonoError):
    """A release cannot be built or does not verify."""

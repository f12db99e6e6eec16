"""The release room's doors: write a release, check one, read one back."""

from unisono.release.run.imports import ImportReport, import_labels
from unisono.release.run.writing import ReleaseReport, manifest_sha256, release, verify

__all__ = ["ImportReport", "ReleaseReport", "import_labels", "manifest_sha256", "release", "verify"]

"""The door of the ingest room: paths in; clips, frames, evidence and exclusions in the catalog out.

Workers read, mask and look for text; one process stores, clip by clip: a killed run leaves whole clips
and nothing else. Nothing leaves this room before a person, or the policy of the site, approved it.
"""

from unisono.catalog.clips import Clip
from unisono.ingest.reports.report import IngestReport
from unisono.ingest.run.flow import clips, ingest

__all__ = ["Clip", "IngestReport", "clips", "ingest"]

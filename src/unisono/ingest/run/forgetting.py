"""What only a decision needed goes with it: the original in clear, and the vault's pictures and texts."""

from unisono.catalog.clips import Clip
from unisono.catalog.db import Catalog
from unisono.ingest.doors.originals import drop_original
from unisono.ingest.identity.codes import derive_keys, site_secret
from unisono.ingest.identity.confidential import forget_evidence
from unisono.ingest.identity.keys import SECRET_NAME
from unisono.ingest.identity.vault import Vault


def forget(catalog: Catalog, clip: Clip) -> None:
    """Delete what is left of an approved or rejected clip beside its rows and released frames.

    Called before the clip's mark goes: when it is killed half-way, the next sweep does it again. Without the
    site's secret nothing is left to be found, since that goes last when all of it is destroyed.
    """
    home = catalog.settings.home
    if not (home / SECRET_NAME).exists():
        return
    drop_original(home, clip.code)
    with Vault(home, derive_keys(site_secret(home))) as vault:
        forget_evidence(vault, clip.code, clip.mask_version)

"""Serve the page and the API with uvicorn."""

import uvicorn

from unisono.annotate.run import Catalog
from unisono.web.app import make_app


def serve(catalog: Catalog) -> None:
    """Serve until told to stop; streams get three seconds to end."""
    settings = catalog.settings
    uvicorn.run(
        make_app(catalog),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=3,
        proxy_headers=True,
        forwarded_allow_ips="127.0.0.1",
    )

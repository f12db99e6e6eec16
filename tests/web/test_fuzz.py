"""Whatever the schema allows and forbids, the API answers as its schema says and never breaks."""

import re

import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from tests.make import Site

LEFT_OUT = re.compile("^/api/(events|session|me/password)")
"""The stream does not end, a sign-out would end the test, and guessing passwords is braked on purpose."""
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]


def test_the_api_keeps_its_own_contract(site: Site) -> None:
    client = site.client("Lena Lead")
    headers = {"Cookie": f"unisono_session={client.cookies['unisono_session']}"}
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", site.app)
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        if LEFT_OUT.match(operation.path):
            continue
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            tried += try_out(operation, mode, headers)
    assert tried > 100


def try_out(operation, mode: GenerationMode, headers: dict[str, str]) -> int:  # noqa: ANN001
    """Call an operation with made-up requests; return how many."""
    count = 0
    if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query):
        return 0

    @given(operation.as_strategy(generation_mode=mode))
    @settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def call(case: schemathesis.Case) -> None:
        nonlocal count
        count += 1
        case.call_and_validate(headers=headers, checks=CHECKS)

    call()
    return count

"""Read YAML the way its authors mean it: ``off``, ``on``, ``yes`` and ``no`` are words, not truth values.

YAML 1.1, which PyYAML follows, turns them into booleans, and ``off`` is one of our visibilities. Here only
``true`` and ``false`` are booleans, as in the YAML 1.2 core schema (section 10.3.2). A key given twice in one
mapping is an error; PyYAML would keep the last and say nothing.
"""

import re
from typing import Any

import yaml


class _Loader(yaml.SafeLoader):
    """A loader of its own, so that other users of PyYAML keep theirs."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:bool"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value]
    for key, (key_node, _) in zip(keys, node.value, strict=True):
        if keys.count(key) > 1:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {key!r} stands twice", key_node.start_mark
            )
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def load_yaml(text: str) -> Any:  # noqa: ANN401  # any document
    """Return the document that a YAML text holds.

    Raises
    ------
    yaml.YAMLError
        If it is no YAML, or a key stands twice in one mapping.
    """
    return yaml.load(text, _Loader)  # noqa: S506  # derived from SafeLoader

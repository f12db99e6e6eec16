"""README tells no lies: its commands, files and links exist."""

import re
from pathlib import Path

from checks import facts


def findings(root: Path) -> list[str]:
    """Return one line for each claim of README.md that does not hold."""
    text = (root / "README.md").read_text(encoding="utf-8")
    return [*claimed_verbs(text), *_targets(text, root), *_links(text, root)]


def claimed_verbs(text: str) -> list[str]:
    """Find commands of a session that the program does not know, options included."""
    known = dict(facts.verbs())
    wrong = []
    for line in re.findall(r"^\$ (unisono .*)$", text, flags=re.MULTILINE):
        name = next((n for n in sorted(known, key=len, reverse=True) if f"{line} ".startswith(f"{n} ")), None)
        if name is None:
            wrong.append(f"no such verb: {line}")
            continue
        legal = {o for option, _ in facts.options(known[name]) for o in option.split("/")} | {"--help"}
        wrong.extend(f"{name} has no option {o}" for o in re.findall(r"--[\w-]+", line) if o not in legal)
    return wrong


def _targets(text: str, root: Path) -> list[str]:
    said = (root / "Makefile").read_text(encoding="utf-8")
    targets = sorted(set(re.findall(r"(?:^|`)make ([a-z]+)", text, flags=re.MULTILINE)))
    return [
        f"no such target: make {t}" for t in targets if not re.search(rf"^{t}:", said, flags=re.MULTILINE)
    ]


def _links(text: str, root: Path) -> list[str]:
    links = re.findall(r"\]\(([^)#\s]+)", text)
    local = (link for link in links if "://" not in link)
    return [f"link to {link}, which is not there" for link in local if not (root / link).exists()]

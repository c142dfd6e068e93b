"""This repository's own GitHub workflows: the shipped ones, installing sevlog from the checkout. `make workflows`"""

from __future__ import annotations

from pathlib import Path

from sevlog.services.setup.blueprint import workflows

ROOT = Path(__file__).resolve().parents[2]
LOCK = "requirements/site.lock"
INSTALL = f"python -m pip install --require-hashes -r {LOCK}\npython -m pip install --no-deps --no-build-isolation ."


def own_workflows() -> dict[Path, str]:
    """Where each belongs and what it says."""
    return {ROOT / name: text for name, text in workflows(INSTALL, LOCK).items()}


if __name__ == "__main__":
    for path, text in own_workflows().items():
        path.write_text(text, "utf-8")

"""The on-call examples in docs/oncall.md and in the files of init work."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from fixtures.repositories import Repository

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs/oncall.md").read_text("utf-8")
TYPED = re.findall(r"^\$ sevlog (.*)$", DOCUMENT, re.MULTILINE)


@pytest.mark.parametrize("line", TYPED)
def test_every_command_of_the_document_works_in_the_demo_company(records: Repository, line: str) -> None:
    for name in ("sevlog.yaml", "oncall.yaml", "runbooks"):
        target = records.root / name
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target)
        else:
            shutil.copy(ROOT / name, target)
    records.git("add", ".")
    records.git("commit", "--quiet", "-m", "the demo company")
    assert records.does(*shlex.split(line), *(["--as", "jonna"] if " override " in line else []))


def test_the_document_shows_every_command_of_the_group() -> None:
    assert {line.split()[1] for line in TYPED} == {"who", "next", "override", "simulate", "check", "ics"}


@pytest.mark.parametrize("block", re.findall(r"```yaml\n(schedules:\n.*?)```", DOCUMENT, re.DOTALL))
def test_the_rota_of_the_document_is_one(records: Repository, block: str) -> None:
    people = "".join(f"  - {{key: {key}}}\n" for key in ("ana", "bo", "chi", "dana", "eli"))
    (records.root / "oncall.yaml").write_text(f"schema: 1\npeople:\n{people}{block}", "utf-8")
    done = records.sevlog("check", "oncall.yaml")
    assert (done.code, ", no problems" in done.out) == (0, True), done.out


@pytest.mark.demand("S9", "S20")
def test_the_example_that_init_writes_has_nothing_to_mend_once_it_is_used(records: Repository, tmp_path: Path) -> None:
    records.does(
        "init", str(tmp_path / "acme"), "--component", "checkout=Checkout", "--person", "ana=Ana", "--person", "bo=Bo"
    )
    path = tmp_path / "acme" / "oncall.yaml"
    start, mark, example = path.read_text("utf-8").partition("# teams:")
    people = re.sub(r"name: (Ana|Bo)$", r"name: \1\n    contact: [\1_PAGER]", start, flags=re.MULTILINE)
    people = people.replace("Ana_", "ANA_").replace("Bo_", "BO_")
    path.write_text(people + re.sub(r"^# ", "", mark + example, flags=re.MULTILINE), "utf-8")

    done = records.sevlog("oncall", "check", "--repo", str(tmp_path / "acme"))

    assert done.out == "1 schedule checked, no problems\n"
    assert records.sevlog("oncall", "who", "--component", "checkout", "--repo", str(tmp_path / "acme")).code == 0

"""The postmortem templates that sevlog ships."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from sevlog.model.timeline.incident import ContributingFactor
from sevlog.stores.markdown.postmortem_templates import shipped_templates, template_text
from sevlog.stores.yaml import io as yaml_io


@pytest.mark.parametrize("name", shipped_templates())
def test_a_template_shows_how_contributing_factors_are_written_in_the_front_matter(name: str, tmp_path: Path) -> None:
    (line,) = re.findall(r"contributing_factors: .*(?= -->)", template_text(tmp_path, name))
    plain = yaml_io.read(line.encode())

    assert isinstance(plain, dict)
    factors = msgspec.convert(plain["contributing_factors"], tuple[ContributingFactor, ...])
    assert [factor.id for factor in factors] == ["F1", "F2"]

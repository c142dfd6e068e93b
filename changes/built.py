"""Build a wheel and an sdist, look into them, and try the wheel in a clean environment without the network."""

from __future__ import annotations

import email
import sys
import tarfile
import tomllib
import venv
import zipfile
from email.message import Message
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from programs import Refusal, git, run


def project(place: Path) -> dict[str, Any]:
    return tomllib.loads((place / "pyproject.toml").read_text("utf-8"))


def build(place: Path, folder: Path) -> tuple[Path, Path]:
    """The wheel and the sdist."""
    run(sys.executable, "-m", "hatchling", "build", "-d", folder, cwd=place)
    return min(folder.glob("*.whl")), min(folder.glob("*.tar.gz"))


def in_wheel(place: Path) -> dict[str, str]:
    """Tracked file -> its name in the wheel, by the settings of the build backend."""
    target = project(place)["tool"]["hatch"]["build"]["targets"]["wheel"]
    moved = {package: Path(package).name for package in target["packages"]} | target["force-include"]
    tracked = [name for name in git("ls-files", "-z", cwd=place).split("\0") if (place / name).is_file()]
    return {
        name: name.replace(source, there, 1)
        for name in tracked
        for source, there in moved.items()
        if name == source or name.startswith(f"{source}/")
    }


def check_built(place: Path, wheel: Path, sdist: Path, version: Version) -> None:
    """Refuse a wheel or an sdist with a file missing, a file too many, or other metadata than pyproject.toml."""
    inside = f"sevlog-{version}.dist-info"
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if not name.startswith(f"{inside}/")}
        _check_metadata(place, wheel, email.message_from_bytes(archive.read(f"{inside}/METADATA")), version)
    _check_files(wheel, set(in_wheel(place).values()), names)
    top = f"sevlog-{version}/"
    with tarfile.open(sdist) as source:
        packed = {name.removeprefix(top) for name in source.getnames()} - {"PKG-INFO"}
        told = source.extractfile(f"{top}PKG-INFO")
        _check_metadata(place, sdist, email.message_from_bytes(told.read() if told else b""), version)
    tracked = {name for name in git("ls-files", "-z", cwd=place).split("\0") if name}
    _check_files(sdist, {name for name in tracked if (place / name).is_file()}, packed)


def _check_files(built: Path, wanted: set[str], found: set[str]) -> None:
    for names, word in ((wanted - found, "lacks"), (found - wanted, "has files that git does not track:")):
        if names:
            shown = ", ".join(sorted(names)[:5])
            raise Refusal(
                f"{built.name} {word} {shown}{' …' if len(names) > 5 else ''}", "git diff pyproject.toml .gitignore"
            )


def _check_metadata(place: Path, built: Path, told: Message, version: Version) -> None:
    stated = project(place)["project"]
    plain = [text for text in told.get_all("Requires-Dist", []) if not Requirement(text).marker]
    rows = {
        "Name": (told["Name"], stated["name"]),
        "Version": (told["Version"], str(version)),
        "Requires-Python": (told["Requires-Python"], stated["requires-python"]),
        "License-Expression": (told["License-Expression"], stated["license"]),
        "Requires-Dist": (_requirements(plain), _requirements(stated["dependencies"])),
        "Provides-Extra": (sorted(told.get_all("Provides-Extra", [])), sorted(stated["optional-dependencies"])),
        "description": (_text(told).strip(), (place / stated["readme"]).read_text("utf-8").strip()),
    }
    for field, (has, wanted) in rows.items():
        if has != wanted:
            raise Refusal(f"{built.name}: {field} is {str(has)[:200]!r}, pyproject.toml says {str(wanted)[:200]!r}")


def _requirements(texts: list[str]) -> list[str]:
    """Requirements in one order and spelling."""
    return sorted(f"{canonicalize_name(one.name)}{one.specifier}" for one in map(Requirement, texts))


def _text(told: Message) -> str:
    body = told.get_payload(decode=True)
    return body.decode("utf-8") if isinstance(body, bytes) else ""


def clean_environment(folder: Path, place: Path) -> Path:
    """The bin folder of an environment that holds exactly requirements/runtime.lock, linked from the running one."""
    venv.create(folder, symlinks=True)
    site = min(folder.glob("lib/python*/site-packages"))
    for line in (place / "requirements/runtime.lock").read_text("utf-8").splitlines():
        if "==" not in line:
            continue
        wanted = Requirement(line.rstrip("\\ "))
        if wanted.marker and not wanted.marker.evaluate():
            continue
        try:
            found = metadata.distribution(wanted.name)
        except metadata.PackageNotFoundError:
            raise Refusal(
                f"{wanted} of requirements/runtime.lock is not installed in {sys.prefix}", "make venv"
            ) from None
        if found.version not in wanted.specifier:
            raise Refusal(
                f"{sys.prefix} has {wanted.name} {found.version}, runtime.lock {wanted.specifier}", "make venv"
            )
        for top in sorted({path.parts[0] for path in found.files or [] if path.parts[0] not in {"..", "__pycache__"}}):
            if not (site / top).exists():
                (site / top).symlink_to(str(found.locate_file(top)))
    return folder / "bin"


def try_wheel(place: Path, wheel: Path, room: Path, version: Version) -> None:
    """Install the wheel offline, then start a repository with it and check that."""
    bin_folder = clean_environment(room / "environment", place)
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python", bin_folder / "python")
    run(*pip, "install", "--no-index", "--no-deps", wheel, cwd=room)
    said = run(bin_folder / "sevlog", "--version", cwd=room).strip()
    if not said.endswith(f" {version}"):
        raise Refusal(f"the installed wheel says `{said}`, not {version}")
    run(bin_folder / "sevlog", "init", "acme", cwd=room)
    run(bin_folder / "sevlog", "check", cwd=room / "acme")

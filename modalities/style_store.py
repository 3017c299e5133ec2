"""Styles of a project: <project>/styles/NAME with the adapter, its certificate, pairs of pictures and its sources."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from modalities.faults import Unusable
from modalities.store import alive

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}\Z")
LEARNING = re.compile(r"\.learning-(\d+)-")


def checked(name: str) -> str:
    """The name, if it may be one. Raises Unusable."""
    if not NAME.match(name):
        raise Unusable(f"{name[:60]!r} cannot name a style; expected 1 to 40 of a-z, 0-9, _ and -, "
                       "such as noir_studio.")
    return name


def folder_of(project: Path, name: str) -> Path:
    """Where a learnt style lies. Raises Unusable where there is none of that name."""
    folder = project / "styles" / checked(name)
    if folder.is_symlink() or not (folder / "certificate.json").is_file():
        known = ", ".join(row["name"] for row in styles(project)) or "none yet"
        raise Unusable(f"There is no style {name!r} in this project; there are: {known}. "
                       f"To learn one: beecam style learn {name} CLIP.")
    return folder


def certificate_of(folder: Path) -> dict[str, Any]:
    """Raises Unusable where it is damaged."""
    try:
        data = json.loads((folder / "certificate.json").read_text("utf-8"))
        if isinstance(data, dict) and isinstance(data["passed"], bool):
            return data
    except (OSError, ValueError, KeyError):
        pass
    raise Unusable(f"The certificate of the style {folder.name} is damaged: {folder / 'certificate.json'}.")


def styles(project: Path) -> list[dict[str, Any]]:
    """name, passed, reasons, moved and clips of every style, by name; a damaged one says so."""
    found: list[dict[str, Any]] = []
    root = project / "styles"
    for folder in sorted(root.iterdir()) if root.is_dir() else []:
        if not NAME.match(folder.name) or not folder.is_dir() or folder.is_symlink():
            continue
        try:
            data = certificate_of(folder)
            found.append({"name": folder.name, "passed": data["passed"], "reasons": data.get("reasons", []),
                          "moved": data.get("moved"), "clips": len(data.get("sources", []))})
        except Unusable as fault:
            found.append({"name": folder.name, "passed": False, "reasons": [str(fault)], "moved": None, "clips": 0})
    return found


@contextmanager
def learning(project: Path, name: str) -> Generator[Path]:
    """A private folder that becomes the style when `publish` is called; else it goes. What a killed run left goes too.
    Raises Unusable for a bad name, or one that is taken."""
    root = project / "styles"
    if (root / checked(name)).exists() or (root / name).is_symlink():
        raise Unusable(f"There is already a style {name!r} in this project; choose another name, or remove "
                       f"{root / name} first.")
    try:
        root.mkdir(parents=True, exist_ok=True)
        for path in root.iterdir():
            match = LEARNING.match(path.name)
            if match and not alive(int(match[1])):
                shutil.rmtree(path, ignore_errors=True)
        folder = root / f".learning-{os.getpid()}-{secrets.token_hex(4)}"
        folder.mkdir()
    except OSError as fault:
        raise Unusable(f"The folder {root} cannot be used: {fault.strerror or fault}.") from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(folder: Path, name: str, certificate: dict[str, Any]) -> Path:
    """Writes the certificate and gives the folder its name, in one step. Raises Unusable where it is taken by now."""
    text = json.dumps(certificate, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    (folder / "certificate.json").write_text(text, "utf-8")
    final = folder.parent / name
    try:
        folder.rename(final)
    except OSError:
        raise Unusable(f"There is already a style {name!r} in this project.") from None
    return final

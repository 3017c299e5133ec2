"""Whether a take's files are those that were made: SHA-256 of every file in its sidecar, and of the sidecar itself.

A hash tells damage and change. It is no signature: who can write the folder can write new hashes as well.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modalities.faults import Unusable
from modalities.media import file_sha256

SIDECAR = "take.json"
FILES, DIGEST = "files", "digest"


@dataclass(frozen=True)
class Checked:
    """kept: whether the sidecar holds hashes at all (takes made before they were kept do not); sidecar: whether it is
    as written; changed, missing: names of files; added: names of files that the sidecar does not know."""

    kept: bool
    sidecar: bool
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()

    @property
    def matches(self) -> bool:
        return self.kept and self.sidecar and not (self.changed or self.missing or self.added)


def hashes_of(folder: Path) -> dict[str, dict[str, Any]]:
    """{name: {sha256, bytes}} of every file in a take's folder but the sidecar."""
    return {path.name: {"sha256": file_sha256(path), "bytes": path.stat().st_size}
            for path in sorted(folder.iterdir()) if path.is_file() and path.name != SIDECAR}


def sealed(sidecar: Mapping[str, Any]) -> dict[str, Any]:
    """The sidecar with its own digest."""
    return dict(sidecar) | {DIGEST: _digest(sidecar)}


def check(folder: Path) -> Checked:
    """Reads every file of a take again. Raises Unusable when the sidecar cannot be read."""
    try:
        sidecar = json.loads((folder / SIDECAR).read_text("utf-8"))
        given: dict[str, dict[str, Any]] = sidecar.get(FILES) or {}
        wanted = {str(name): str(entry["sha256"]) for name, entry in given.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        raise Unusable(f"The sidecar of this take is missing or damaged: {folder / SIDECAR}.") from None
    if not wanted:
        return Checked(False, True)
    found = {path.name: path for path in folder.iterdir() if path.name != SIDECAR}
    changed = tuple(name for name, sha256 in wanted.items()
                    if name in found and (not found[name].is_file() or file_sha256(found[name]) != sha256))
    return Checked(True, sidecar.get(DIGEST) == _digest(sidecar), changed,
                   tuple(name for name in wanted if name not in found),
                   tuple(sorted(name for name in found if name not in wanted)))


def _digest(sidecar: Mapping[str, Any]) -> str:
    plain = {name: value for name, value in sidecar.items() if name != DIGEST}
    return hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode("utf-8", "surrogatepass")
                          ).hexdigest()

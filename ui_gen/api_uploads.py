"""Files that a user hands in as references: named by an id, limited in size and number, believed only after a look."""

from __future__ import annotations

import re
import secrets
import shutil
import time
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.references import ACCEPTED, SAID, Kind, kind_of
from modalities.faults import Unusable

UPLOAD_ID = re.compile(r"^f[0-9a-f]{24}\Z")
LARGEST_BYTES, MOST_BYTES, MOST_FILES = 256 << 20, 2 << 30, 200
# A part that nobody finished is swept away after so long.
UNFINISHED_S = 3600.0


class TooLarge(Unusable):
    """More bytes than are taken."""


class WrongKind(Unusable):
    """A file that is no kind of reference."""


@dataclass(frozen=True)
class Upload:
    """A file that was handed in; kind: what it holds, by its content."""

    id: str
    path: Path
    kind: Kind

    def told(self) -> dict[str, Any]:
        """As the API gives it."""
        return {"file": self.id, "name": self.path.name, "kind": self.kind, "bytes": self.path.stat().st_size}


class Uploads:
    """One user's uploads; folder/ID/NAME each, with what it is beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self, name: str) -> Path:
        """Where the bytes of a new file go; `finish` makes it an upload. Raises TooLarge where there are too many."""
        self._sweep()
        # What is still arriving counts as well.
        sizes = [_bytes_in(one) for one in self.folder.iterdir()] if self.folder.is_dir() else []
        if len(sizes) >= MOST_FILES:
            raise TooLarge(f"{MOST_FILES} files are kept for you, which is the most; delete one.")
        if sum(sizes) >= MOST_BYTES:
            raise TooLarge(f"{MOST_BYTES >> 30} GiB are kept for you, which is the most; delete a file.")
        folder = self.folder / f".part-f{secrets.token_hex(12)}"
        folder.mkdir(parents=True)
        return folder / plain_name(name)

    def finish(self, path: Path) -> Upload:
        """The upload, once it was seen to be a kind of reference. Raises WrongKind, TooLarge; then nothing is kept."""
        part = path.parent
        try:
            if path.stat().st_size > LARGEST_BYTES:
                raise TooLarge(f"The file is larger than the {LARGEST_BYTES >> 20} MiB that are taken.")
            try:
                kind = kind_of(path)
            except Unusable as fault:
                raise WrongKind(str(fault).replace(str(path), path.name)) from None
            final = self.folder / part.name.removeprefix(".part-")
            (part / ".kind").write_text(kind, "utf-8")
            part.rename(final)
        except BaseException:
            self.give_up(path)
            raise
        return Upload(final.name, final / path.name, kind)

    def give_up(self, path: Path) -> None:
        """A file that was begun and is not wanted."""
        shutil.rmtree(path.parent, ignore_errors=True)

    def get(self, upload_id: str) -> Upload | None:
        """The upload with this id, if it is there."""
        folder = self.folder / upload_id
        if not UPLOAD_ID.match(upload_id) or not folder.is_dir():
            return None
        try:
            path = next(p for p in folder.iterdir() if p.name != ".kind")
            kind = (folder / ".kind").read_text("utf-8")
        except (OSError, StopIteration):
            return None
        return next((Upload(upload_id, path, known) for known in SAID if known == kind), None)

    def all(self) -> list[Upload]:
        """Every upload, by id."""
        return [found for one in self._ids() if (found := self.get(one)) is not None]

    def delete(self, upload_id: str) -> bool:
        """False where there is none. Takes that were made of it keep what was heard and seen in it."""
        if self.get(upload_id) is None:
            return False
        shutil.rmtree(self.folder / upload_id, ignore_errors=True)
        return True

    def _ids(self) -> list[str]:
        return sorted(p.name for p in self.folder.iterdir() if UPLOAD_ID.match(p.name)) if self.folder.is_dir() else []

    def _sweep(self) -> None:
        if not self.folder.is_dir():
            return
        for part in self.folder.glob(".part-*"):
            if time.time() - part.stat().st_mtime > UNFINISHED_S:
                shutil.rmtree(part, ignore_errors=True)


def _bytes_in(folder: Path) -> int:
    try:
        return sum(path.stat().st_size for path in folder.iterdir())
    except OSError:  # deleted just now
        return 0


def plain_name(name: str) -> str:
    """A file's name without anything but letters, digits, - _ and dots inside; its ending is kept."""
    last = unicodedata.normalize("NFKD", name[:4096].replace("\\", "/")).rsplit("/", 1)[-1]
    stem, dot, ending = last.rpartition(".")
    stem, ending = (stem, ending) if dot and stem else (last, "")
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", stem).strip("-_")[:60] or "file"
    ending = re.sub(r"[^A-Za-z0-9]+", "", ending)[:12].lower()
    return f"{stem}.{ending}" if ending else stem


__all__ = ["ACCEPTED", "LARGEST_BYTES", "TooLarge", "Upload", "Uploads", "WrongKind", "plain_name"]

"""The project on disk: takes that are never overwritten, and the creator's references by content.

A take is made in a private folder beside the takes and published by one rename: it is there whole or not at all.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from modalities.faults import Unusable
from modalities.take_hashes import FILES, hashes_of, sealed

TAKE_ID = re.compile(r"^t\d{4,9}$")
MAKING = re.compile(r"^\.making-(\d+)-[0-9a-f]+$")


@dataclass(frozen=True)
class Take:
    """A rendered result, with everything needed to make it again. Paths are absolute when read from a store."""

    id: str
    dir: Path
    parent: str | None
    reason: str
    engine: str
    seed: int
    duration_s: float
    wall_s: float
    measured: dict[str, float]
    made_at: str
    request: dict[str, Any] = field(default_factory=dict)
    brief: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    parents: tuple[str, ...] = ()
    # What rendering took and on which machine, and what had been estimated; empty in takes made before these were kept.
    rendering: dict[str, Any] = field(default_factory=dict)
    estimated: dict[str, Any] = field(default_factory=dict)
    # The run and its number in it, by which a run that goes on after a crash knows what it had finished.
    job: str = ""

    @property
    def video(self) -> Path:
        return self.dir / "video.mp4"

    @property
    def audio(self) -> Path:
        return self.dir / "audio.wav"

    @property
    def poster(self) -> Path:
        return self.dir / "poster.png"

    def document(self, name: str) -> dict[str, Any]:
        """direction.json or panel.json as data."""
        return json.loads((self.dir / f"{name}.json").read_text("utf-8"))


class Store:
    """A project folder. Raises Unusable when it cannot be made or written to."""

    def __init__(self, root: Path) -> None:
        self.root = root.expanduser().absolute()
        self.takes_dir = self.root / "takes"
        self.refs_dir = self.root / "references"
        self.trash_dir = self.root / "trash"
        # Finished pieces of films; may be deleted at any time.
        self.segments_dir = self.root / "segments"

    def open(self) -> Store:
        """Make the folders if needed and sweep what a killed run left behind."""
        try:
            self.takes_dir.mkdir(parents=True, exist_ok=True)
            self.refs_dir.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise Unusable(f"The project folder {self.root} cannot be used: {fault.strerror or fault}.") from None
        check_writable(self.root)
        for path in self.takes_dir.iterdir():
            match = MAKING.match(path.name)
            if match and not alive(int(match[1])):
                shutil.rmtree(path, ignore_errors=True)
        return self

    @contextmanager
    def making(self) -> Generator[Path]:
        """A private folder for one take; removed unless `publish` took it."""
        folder = self.takes_dir / f".making-{os.getpid()}-{secrets.token_hex(4)}"
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def publish(self, folder: Path, sidecar: dict[str, Any], direction: dict[str, Any],
                panel: dict[str, Any]) -> Take:
        """Write the documents beside the media and give the folder its number. Returns the take."""
        _write_json(folder / "direction.json", direction)
        _write_json(folder / "panel.json", panel)
        sidecar = sidecar | {FILES: hashes_of(folder)}
        # A number in the trash is taken as well: what lies there may come back.
        taken = (*self.ids(), *_ids_in(self.trash_dir))
        number = 1 + max((int(take_id[1:]) for take_id in taken), default=0)
        while True:
            take_id = f"t{number:04d}"
            _write_json(folder / "take.json", sealed(sidecar | {"id": take_id}))
            final = self.takes_dir / take_id
            try:
                # A directory cannot replace a non-empty one: of two runs that race for a number one goes on.
                if final.exists():
                    raise FileExistsError
                folder.rename(final)
                return self.take(take_id)
            except OSError as fault:
                if not final.exists():
                    raise fault
                number += 1

    def ids(self) -> list[str]:
        return _ids_in(self.takes_dir)

    def take(self, take_id: str) -> Take:
        """Raises Unusable when there is no such take or its sidecar is damaged."""
        if not TAKE_ID.match(take_id) or not (self.takes_dir / take_id).is_dir():
            known = ", ".join(self.ids()[-5:]) or "none yet"
            raise Unusable(f"There is no take {take_id[:60]!r} in {self.root}; the latest are: {known}.")
        return self._read(self.takes_dir / take_id)

    def _read(self, folder: Path) -> Take:
        try:
            data = json.loads((folder / "take.json").read_text("utf-8"))
            names = Take.__dataclass_fields__
            # A merged take has two parents; `parent` is the one whose media it stands closest to.
            parents = tuple(data.get("parents") or ([data["parent"]] if data["parent"] else []))
            known = {k: v for k, v in data.items() if k in names and k not in ("dir", "parents")}
            return Take(**known, parents=parents, dir=folder)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            raise Unusable(f"The sidecar of take {folder.name} is damaged: {folder / 'take.json'}.") from None

    def takes(self) -> list[Take]:
        found: list[Take] = []
        for take_id in self.ids():
            try:
                found.append(self.take(take_id))
            except Unusable:
                continue
        return found

    def newest(self, count: int) -> list[Take]:
        """The last `count` takes, oldest first; damaged ones are left out."""
        found: list[Take] = []
        for take_id in self.ids()[-count:]:
            try:
                found.append(self.take(take_id))
            except Unusable:
                continue
        return found

    def take_of(self, job: str) -> Take | None:
        """The take that a run made under this name, if it was finished."""
        return next((take for take in reversed(self.takes()) if job and take.job == job), None)

    def binned(self) -> list[Take]:
        """The takes in the trash; damaged ones are left out."""
        found: list[Take] = []
        for take_id in _ids_in(self.trash_dir):
            try:
                found.append(self._read(self.trash_dir / take_id))
            except Unusable:
                continue
        return found

    def bin(self, take_id: str) -> None:
        """Moves a take into the trash, in one step. Raises Unusable, OSError."""
        take = self.take(take_id)
        self.trash_dir.mkdir(exist_ok=True)
        take.dir.rename(self.trash_dir / take_id)

    def unbin(self, take_id: str) -> None:
        """Brings a take back from the trash, in one step. Raises Unusable when it is not there, OSError."""
        if not TAKE_ID.match(take_id) or not (self.trash_dir / take_id).is_dir():
            raise Unusable(f"There is no take {take_id[:60]!r} in the trash of {self.root}.")
        (self.trash_dir / take_id).rename(self.takes_dir / take_id)

    def reference_dir(self, sha256: str) -> Path:
        folder = self.refs_dir / sha256
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def copy_out(self, take: Take, out: Path) -> Take:
        """A copy of a take's folder under `out`, as out/<id>; never onto something that is there."""
        final, n = out / take.id, 2
        while final.exists():
            final, n = out / f"{take.id}-{n}", n + 1
        part = out / f".{final.name}.part"
        try:
            shutil.copytree(take.dir, part)
            part.rename(final)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        return replace(take, dir=final)


def _ids_in(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    return sorted((p.name for p in folder.iterdir() if TAKE_ID.match(p.name)), key=lambda i: int(i[1:]))


def check_writable(folder: Path) -> None:
    """Make the folder and write one byte into it. Raises Unusable with the reason."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".write-{secrets.token_hex(4)}"
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as fault:
        raise Unusable(f"The folder {folder} cannot be written to: {fault.strerror or fault}.") from None


def _write_json(path: Path, data: dict[str, Any]) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n", "utf-8")


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

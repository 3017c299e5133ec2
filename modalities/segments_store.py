"""Finished pieces on disk, by their key: a cache that may be deleted at any time and never grows over its cap.

A piece is written beside its place and renamed, so a killed run leaves whole pieces only. What cannot be read is as
good as not there. The pieces that have not been used for longest go first.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from modalities.film import Coded
from modalities.segments import Segment
from modalities.store import alive
from modalities.watching import THUMB, Seen

CAP_BYTES = 2 << 30
# So much of the disk is left to everything else.
SPARE_BYTES = 512 << 20
LARGEST_BYTES = 1 << 30
KEY = re.compile(r"^[0-9a-f]{64}$")
PART = re.compile(r"^\.part-(\d+)-[0-9a-f]+$")
Bytes = NDArray[np.uint8]


class SegmentStore:
    """The pieces of a project. cap_bytes: what they may take on the disk, together."""

    def __init__(self, folder: Path, cap_bytes: int = CAP_BYTES) -> None:
        self.folder, self.cap_bytes = folder, cap_bytes

    def known(self, wanted: Iterable[str]) -> set[str]:
        """Which of these keys are here now."""
        return {key for key in wanted if (self.folder / f"{key}.npz").is_file()}

    def get(self, key: str, size_px: tuple[int, int]) -> Segment | None:
        """The piece of this key, or None. size_px: of its pictures."""
        path = self._path(key)
        try:
            if path.stat().st_size > LARGEST_BYTES:
                raise ValueError
            with np.load(path, allow_pickle=False) as data:
                found = _read(data, key, size_px)
            os.utime(path)
            return found
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error):
            path.unlink(missing_ok=True)
            return None

    def put(self, key: str, segment: Segment) -> None:
        """Keeps a piece. A disk that is full or cannot be written to keeps nothing, and nobody minds."""
        self._keep(key, lambda file: np.savez(file, **_written(key, segment)))

    def _keep(self, key: str, write: Callable[[IO[bytes]], object]) -> None:
        path = self._path(key)
        part = self.folder / f".part-{os.getpid()}-{secrets.token_hex(4)}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if shutil.disk_usage(self.folder).free < SPARE_BYTES:
                return
            with part.open("wb") as file:
                write(file)
            part.replace(path)
        except OSError:
            part.unlink(missing_ok=True)

    def adopt(self, key: str, data: bytes) -> None:
        """Keeps a piece that another store has written, as `taken` gave it; what is broken is found when it is read."""
        self._keep(key, lambda file: file.write(data))

    def taken(self, key: str) -> bytes | None:
        """A piece as it lies on the disk, None where it does not."""
        try:
            return self._path(key).read_bytes()
        except OSError:
            return None

    def trim(self) -> None:
        """Back under the cap, and without what killed runs had begun to write."""
        found: list[tuple[float, int, Path]] = []
        try:
            for path in self.folder.iterdir():
                begun = PART.match(path.name)
                if begun and not alive(int(begun[1])):
                    path.unlink(missing_ok=True)
                elif path.suffix == ".npz" and KEY.match(path.stem):
                    status = path.stat()
                    found.append((status.st_mtime, status.st_size, path))
            total = sum(size for _, size, _ in found)
            for _, size, path in sorted(found, key=lambda one: one[0]):
                if total <= self.cap_bytes:
                    break
                path.unlink(missing_ok=True)
                total -= size
        except OSError:
            # Another run may be trimming as well; the next one ends it.
            return

    def _path(self, key: str) -> Path:
        if not KEY.match(key):
            raise ValueError(f"{key[:80]!r} is no key of a piece")
        return self.folder / f"{key}.npz"


def _written(key: str, segment: Segment) -> dict[str, Any]:
    sizes = [(len(one.data), one.frame, int(one.key)) for one in segment.coded]
    stills = [(number, *picture.shape[:2]) for number, picture in segment.stills.items()]
    packed = [zlib.compress(np.ascontiguousarray(picture).tobytes(), 1) for picture in segment.stills.values()]
    return {"key": np.array(key), "header": _bytes(segment.header), "packets": np.array(sizes, np.int64).reshape(-1, 3),
            "data": _bytes(b"".join(one.data for one in segment.coded)), "luma": segment.seen.luma,
            "motion": segment.seen.motion, "first": segment.seen.first, "last": segment.seen.last,
            "stills": np.array(stills, np.int64).reshape(-1, 3), "brushed": np.array(segment.brushed).reshape(-1, 2),
            **{f"still{n}": _bytes(data) for n, data in enumerate(packed)}}


def _read(data: np.lib.npyio.NpzFile, key: str, size_px: tuple[int, int]) -> Segment:
    """Raises ValueError, KeyError where the data are not those of such a piece."""
    packets, raw = data["packets"].tolist(), data["data"].tobytes()
    seen = Seen(data["luma"].astype(np.float64), data["motion"].astype(np.float64), data["first"].astype(np.float32),
                data["last"].astype(np.float32))
    ends = np.cumsum([size for size, _, _ in packets]).tolist()
    height, width = size_px[1], size_px[0]
    thumb = (min(THUMB[0], height), min(THUMB[1], width))
    whole = (str(data["key"]) == key and packets and ends[-1] == len(raw) and min(size for size, _, _ in packets) > 0
             and sorted(frame for _, frame, _ in packets) == list(range(len(packets))) and packets[0][2] == 1
             and len(seen.luma) == len(seen.motion) == len(packets) and seen.first.shape == seen.last.shape == thumb)
    if not whole:
        raise ValueError("not a whole piece")
    coded = tuple(Coded(raw[end - size:end], frame, bool(is_key))
                  for end, (size, frame, is_key) in zip(ends, packets, strict=True))
    stills: dict[int, NDArray[np.uint8]] = {}
    for n, (number, high, wide) in enumerate(data["stills"].tolist()):
        if (high, wide) != (height, width):
            raise ValueError("a still of another size")
        unpacker = zlib.decompressobj()
        pixels = unpacker.decompress(data[f"still{n}"].tobytes(), high * wide * 3)
        stills[number] = np.frombuffer(pixels, np.uint8).reshape(high, wide, 3)
    brushed = tuple((float(a), float(b)) for a, b in data["brushed"].tolist())
    return Segment(coded, data["header"].tobytes(), seen, stills, brushed)


def _bytes(data: bytes) -> Bytes:
    return np.frombuffer(data, np.uint8)

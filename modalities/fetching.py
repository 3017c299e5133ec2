"""Getting weights from a model hub: the only way by which Beecam downloads anything, and only when it is told to.

A set is fetched at one commit into a folder of its own (`NAME.part`), compared with what the hub announced, marked and
only then given its name, so that what was cut off never counts as whole and is gone on with the next time. Only
safetensors, JSON, text and tokenizer files are taken: none of them can run anything.
"""

from __future__ import annotations

import fnmatch
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from threading import Event as Flag
from typing import Any

from modalities import fetching_child
from modalities.faults import Stopped, Unavailable, Unusable
from modalities.one_writer import taken
from modalities.weights import FETCHED, Weights, holes

# Endings that are data; .bin, .pt, .ckpt, .pkl and .py can run code and are never asked for.
TAKEN = (".safetensors", ".json", ".txt", ".model", ".jinja")
LICENCES = ("LICENSE", "LICENSE.md", "LICENCE", "NOTICE")
LONGEST_NAME, MOST_FILES = 200, 2000
# Beside the files themselves, what a file system wants to stay free.
SPARE_MB = 500.0
LOOK_S = 90.0
Tell = Callable[[float, float], None]


@dataclass(frozen=True)
class File:
    """A file as the hub announces it; size in bytes; sha256 of large files."""

    name: str
    size: int
    sha256: str | None


@dataclass(frozen=True)
class Offer:
    """What would be fetched: files of one commit."""

    weights: Weights
    commit: str
    files: tuple[File, ...]

    @property
    def size_mb(self) -> float:
        return sum(one.size for one in self.files) / 1e6


def offered(weights: Weights, stop: Flag, environ: Mapping[str, str] = os.environ) -> Offer:
    """Asks the hub which files a set has. Raises Unavailable where it cannot be asked or has nothing that is safe to
    take, Stopped."""
    told = _asked("look", {"repo": weights.repo, "revision": weights.revision}, weights, stop, environ, limit_s=LOOK_S)
    commit, listed = told.get("commit"), told.get("files")
    if not isinstance(commit, str) or not commit.isalnum() or len(commit) > 64 or not isinstance(listed, list):
        raise Unavailable(f"The hub's answer about {weights.repo} makes no sense; nothing was fetched.")
    files = chosen(weights, [one for one in listed if isinstance(one, dict)])
    return Offer(weights, commit, files)


def chosen(weights: Weights, listed: Sequence[Mapping[str, Any]]) -> tuple[File, ...]:
    """The files that are taken of all that a repository lists. Raises Unavailable for names that lead out of the folder
    and where there are no safetensors."""
    if len(listed) > MOST_FILES:
        raise Unavailable(f"{weights.repo} lists {len(listed)} files, more than any model has; nothing was fetched.")
    found: list[File] = []
    for one in listed:
        name, size, sha256 = str(one.get("name") or ""), one.get("size"), one.get("sha256")
        if not _plain(name):
            raise Unavailable(f"{weights.repo} lists a file whose name leads elsewhere ({name[:60]!a}); nothing "
                              "was fetched.")
        path = PurePosixPath(name)
        if path.suffix.lower() not in TAKEN and name not in LICENCES:
            continue
        wanted = any(fnmatch.fnmatchcase(name, like) for like in weights.files)
        if weights.files and not wanted and name not in LICENCES:
            continue
        if not isinstance(size, int) or isinstance(size, bool) or size < 0:
            raise Unavailable(f"The hub does not say how large {name} of {weights.repo} is; nothing was fetched.")
        found.append(File(name, size, sha256 if isinstance(sha256, str) else None))
    if not any(one.name.endswith(".safetensors") for one in found):
        raise Unavailable(f"{weights.repo} publishes no safetensors files at this revision, and no other kind is taken "
                          "(others can run code).")
    return tuple(sorted(found, key=lambda one: one.name))


def free_mb(root: Path) -> float:
    """What is free where `root` is or will be."""
    there = root
    while not there.exists():
        there = there.parent
    return shutil.disk_usage(there).free / 1e6


def fetched(offer: Offer, root: Path, stop: Flag, tell: Tell = lambda done, total: None,
            environ: Mapping[str, str] = os.environ) -> Path:
    """The folder with the whole set, as root/NAME. tell(done_mb, total_mb). Raises Unavailable (hub, network, torn
    files), Unusable (no room, the folder is somebody's own) and Stopped; what came so far is gone on with next time."""
    weights = offer.weights
    final, part = root / weights.name, root / f"{weights.name}.part"
    if final.exists() and not (final / FETCHED).is_file():
        raise Unusable(f"{final} is there and was not fetched by Beecam; move it away, or complete it by hand.")
    try:
        root.mkdir(parents=True, exist_ok=True)
        if part.is_symlink():
            raise Unusable(f"{part} is a link; remove it.")
        if final.exists() and holes(final, weights.index) and not part.exists():
            # What was lost of it is fetched again; what is there is compared first.
            final.replace(part)
        part.mkdir(exist_ok=True)
    except OSError as fault:
        raise Unusable(f"{root} cannot be written to ({fault.strerror}); choose another folder with --out.") from None
    with (root / f".{weights.name}.lock").open("a") as lock:
        if not taken(lock):
            raise Unusable(f"{weights.name} is being fetched by another Beecam right now.")
        return _into(offer, part, final, stop, tell, environ)


def _into(offer: Offer, part: Path, final: Path, stop: Flag, tell: Tell, environ: Mapping[str, str]) -> Path:
    weights = offer.weights
    here_mb = _there_mb(part)
    if offer.size_mb - here_mb + SPARE_MB > free_mb(part):
        raise Unusable(f"{weights.name} takes {offer.size_mb / 1000:.1f} GB and {free_mb(part) / 1000:.1f} GB are free "
                       f"in {part.parent}; make room, or choose another folder with --out.")
    _asked("fetch", {"repo": weights.repo, "commit": offer.commit, "folder": str(part),
                     "files": [one.name for one in offer.files]}, weights, stop, environ,
           lambda: tell(min(_there_mb(part), offer.size_mb), offer.size_mb))
    for one in offer.files:
        wrong = _differs(part / one.name, one, stop)
        if wrong:
            (part / one.name).unlink(missing_ok=True)
            raise Unavailable(f"{one.name} of {weights.repo} is not what the hub announced ({wrong}) and was thrown "
                              f"away: run beecam engines get {weights.name} again.")
    lost = holes(part, weights.index)
    if lost:
        raise Unavailable(f"{weights.repo} at this revision lacks {lost[0][:80]}; nothing of it is used.")
    shutil.rmtree(part / ".cache", ignore_errors=True)
    kept = {one.name for one in offer.files}
    for stray in [path for path in part.rglob("*") if path.is_file() and path.relative_to(part).as_posix() not in kept]:
        stray.unlink()
    mark = {"name": weights.name, "repo": weights.repo, "revision": weights.revision, "commit": offer.commit,
            "licence": weights.licence, "commercial": weights.commercial,
            "fetched_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "files": {one.name: one.size for one in offer.files}}
    if final.exists():
        shutil.rmtree(final)
    (part / FETCHED).write_text(json.dumps(mark, indent=1), "utf-8")
    part.replace(final)
    tell(offer.size_mb, offer.size_mb)
    return final


def removed(weights: Weights, root: Path) -> float:
    """Deletes a set that was fetched here, and what is left of a broken-off one; MB that are free again. Raises
    Unusable for a folder that Beecam did not fetch."""
    final, part = root / weights.name, root / f"{weights.name}.part"
    if final.is_symlink() or (final.exists() and not (final / FETCHED).is_file()):
        raise Unusable(f"{final} was not fetched by Beecam; remove it by hand.")
    freed = 0.0
    for folder in (final, part):
        if folder.is_dir() and not folder.is_symlink():
            freed += _there_mb(folder)
            shutil.rmtree(folder)
    return freed


def _plain(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(name) and len(name) <= LONGEST_NAME and name.isprintable() and "\\" not in name and ":" not in name \
        and not path.is_absolute() and ".." not in path.parts and name == str(path)


def _there_mb(folder: Path) -> float:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:
            continue
    return total / 1e6


def _differs(path: Path, one: File, stop: Flag) -> str:
    """What is wrong with a file, or ''."""
    if path.is_symlink() or not path.is_file():
        return "it did not come"
    size = path.stat().st_size
    if size != one.size:
        return f"{size} bytes, not {one.size}"
    if one.sha256 is None:
        return ""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 22):
            if stop.is_set():
                raise Stopped("Stopped while the files were compared; they are gone on with next time.")
            digest.update(block)
    return "" if digest.hexdigest() == one.sha256 else "its SHA-256 is another"


def _asked(what: str, question: dict[str, Any], weights: Weights, stop: Flag, environ: Mapping[str, str],
           look: Callable[[], None] = lambda: None, limit_s: float | None = None) -> dict[str, Any]:
    """The child's answer. It is ended when the creator stops, or this process is interrupted."""
    child = subprocess.Popen([sys.executable, "-P", str(Path(fetching_child.__file__)), what], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_online(environ))
    assert child.stdin is not None and child.stdout is not None
    began = time.monotonic()
    try:
        child.stdin.write(json.dumps(question).encode())
        child.stdin.close()
        while child.poll() is None:
            if stop.wait(0.2):
                raise Stopped("Stopped; what came so far is kept and gone on with next time.")
            if limit_s is not None and time.monotonic() - began > limit_s:
                raise Unavailable(_sentence("offline", weights))
            look()
        told = json.loads(child.stdout.read() or b"{}")
    except (ValueError, BrokenPipeError):
        told = {"fault": "other", "type": "no answer"}
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()
        child.stdout.close()
    if not isinstance(told, dict) or child.returncode:
        raise Unavailable(_sentence("other", weights, "no answer"))
    answer: dict[str, Any] = told
    if answer.get("fault") == "disk":
        raise Unusable(_sentence("disk", weights))
    if answer.get("fault"):
        raise Unavailable(_sentence(str(answer["fault"]), weights, str(answer.get("type", ""))[:40]))
    return answer


def _online(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of the child: the same, but that it may ask the hub and says nothing about us."""
    kept = {name: value for name, value in environ.items() if name not in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")}
    return kept | {"HF_HUB_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1",
                   "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1"}


def _sentence(kind: str, weights: Weights, name: str = "") -> str:
    where = f"{weights.repo} at {weights.revision}"
    return {
        "gated": f"{weights.repo} asks you to accept its terms first: do so at https://huggingface.co/{weights.repo}, "
                 "put a token of yours into HF_TOKEN and run this again.",
        "absent": f"The hub has no {weights.repo}, or shows it to nobody without a token (HF_TOKEN).",
        "revision": f"The hub has no revision {weights.revision} of {weights.repo}.",
        "refused": f"The hub refuses {where}: put a token that may read it into HF_TOKEN.",
        "busy": f"The hub is too busy to answer about {weights.repo}; run this again later, it goes on where it was.",
        "offline": f"The hub cannot be reached for {weights.repo}; what came so far is kept: run this again.",
        "disk": "The disk is full; what came so far is kept: make room and run this again.",
        "torn": f"What came of {where} is not what the hub announced; nothing of it is used: run this again.",
    }.get(kind, f"{where} could not be fetched ({name or 'unknown fault'}); nothing of it is used: run this again.")

"""Files between machines: a worker that sees the folder of whoever asked works in it, any other sends bytes back.

Large data (a shard of pictures is 85 MB) should lie where every machine sees it, under one path; it works without.
"""

from __future__ import annotations

import secrets
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from world_model.workers.tasks import Place, Task, Workers, results


@dataclass(frozen=True)
class Folder:
    """A folder of whoever asked: where it is there, and the name of a file that tells it from another of that path."""

    path: str
    mark: str

    def here(self) -> Path | None:
        """The folder, where this machine sees the same one."""
        folder = Path(self.path)
        return folder if (folder / self.mark).is_file() else None


@contextmanager
def marked(folder: Path) -> Generator[Folder]:
    """The folder for as long as work is done in it."""
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / f".at-work-{secrets.token_hex(8)}"
    mark.touch()
    try:
        yield Folder(str(folder.absolute()), mark.name)
    finally:
        mark.unlink(missing_ok=True)


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file under a folder by its name in it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*"))
            if path.is_file()}


def laid(files: dict[str, bytes], folder: Path, last: str = "") -> None:
    """Files into a folder, each whole or not at all; those whose name begins with `last` last: they say that the others
    are there. Raises ValueError for a name that leads elsewhere."""
    for name in sorted(files, key=lambda one: (bool(last) and one.startswith(last), one)):
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise ValueError(f"a worker named a file {name[:60]!r}")
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.part")
        part.write_bytes(files[name])
        part.replace(path)


def seen_by_all(workers: Workers, folder: Folder) -> bool:
    """Whether every machine sees the folder. Raises NoWorkers."""
    nodes = [node for node in workers.nodes if node.cpus > 0]
    tasks = [Task(_sees, (), Place(0.0, 0.0, 0, (node.id,) if len(nodes) > 1 else ()), "a survey") for node in nodes]
    return all(results(workers.run(tasks, folder), len(tasks)))


def _sees(folder: Folder) -> Generator[None, None, bool]:
    yield None
    return folder.here() is not None

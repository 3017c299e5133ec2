"""The kernels' folder is named after everything that can be compiled into them, and after nothing else."""

from __future__ import annotations

import ast
from pathlib import Path

from world_model import kernel_cache

ROOT = kernel_cache.ROOT


def imported(path: Path) -> set[Path]:
    found: set[Path] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            file = ROOT / (name.replace(".", "/") + ".py")
            if file.is_file():
                found.add(file)
    return found


def test_kernels_stand_only_where_the_digest_looks():
    for room in ("world_model", "modalities", "agent", "ui_gen"):
        for path in (ROOT / room).rglob("*.py"):
            text = path.read_text("utf-8")
            if "sim.compiled import" in text or "numba import" in text or "import numba" in text:
                assert path in kernel_cache.sources(), f"{path} has kernels the digest does not see"


def test_everything_a_kernel_file_imports_is_in_the_digest():
    known = set(kernel_cache.sources())
    for path in known:
        text = path.read_text("utf-8")
        if "sim.compiled import" in text or "numba" in text:
            missing = imported(path) - known - {ROOT / "world_model/kernel_cache.py"}
            assert not missing, f"{path} compiles in {missing}"

"""Dependencies point one way, heavy libraries stay in their rooms, importing does nothing."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ORDER = ("world_model", "modalities", "agent", "ui_gen", "app")
FILES = [*sorted(p for room in ORDER[:4] for p in (ROOT / room).rglob("*.py")), ROOT / "app.py"]


@cache
def imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_dependencies_point_one_way(path: Path):
    here = path.relative_to(ROOT).parts[0].removesuffix(".py")
    above = set(ORDER[ORDER.index(here) + 1:])
    wrong = {name for name in imports(path) if name.split(".")[0] in above}
    assert not wrong, f"{path} looks up to {wrong}"


@pytest.mark.parametrize("library, rooms", [
    ("gradio", ("ui_gen/render", "ui_gen/live", "app.py")), ("langgraph", ("agent/graph.py",)),
    ("ray", ("world_model/workers/ray_side.py",)),
    ("diffusers", ("modalities/engines/", "world_model/")), ("transformers", ("modalities/engines/", "world_model/text",
                                                                              "world_model/codec/sound",
                                                                              "world_model/joint/shipped",
                                                                              "modalities/perceive/"))])
def test_heavy_libraries_stay_in_their_rooms(library: str, rooms: tuple[str, ...]):
    for path in FILES:
        name = str(path.relative_to(ROOT))
        if any(found.split(".")[0] == library for found in imports(path)):
            assert name.startswith(rooms), f"{name} imports {library}"


def test_no_file_is_a_drawer():
    for path in FILES:
        assert path.stem not in ("utils", "util", "helpers", "helper", "common", "manager", "misc"), path
        lines = path.read_text("utf-8").count("\n")
        assert lines <= 400, f"{path} has {lines} lines"


def test_importing_does_nothing(tmp_path: Path):
    # A model class of diffusers cannot be defined without importing it; nothing else may.
    models = ("world_model/codec/picture.py", "world_model/joint/model.py", "world_model/joint/pipeline.py")
    assert all(any(name.startswith("diffusers") for name in imports(ROOT / path)) for path in models)
    files = [p for p in FILES if p.relative_to(ROOT).as_posix() not in models and p.name != "__main__.py"]
    modules = [".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for p in files]
    code = ("import sys, os, importlib\n"
            f"for name in {modules!r}: importlib.import_module(name)\n"
            "heavy = [m for m in ('transformers', 'diffusers', 'librosa') if m in sys.modules]\n"
            "assert not heavy, heavy\n"
            "assert os.listdir('.') == [], os.listdir('.')\n")
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=240,
                          env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HOME": str(tmp_path / "home")})
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout == ""

"""The planner reads alike in every process: nothing hangs on the order of a set, which another hash seed turns round."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READS = """
import hashlib, json, sys
sys.path[:0] = [{root!r}, {root!r} + "/tests"]
from agent.brief import Brief
from agent.director import direct
from agent.interpret import interpret
from agent.talk import understand
from agent.talk_types import KnownTake, Standing
from tests.test_interpret import BLIND, SENTENCES
found = []
for n, (sentence, _) in enumerate(SENTENCES[::3]):
    brief = interpret(sentence, embed=BLIND)
    found.append(brief.model_dump(mode="json"))
    if n % 12 == 0:
        film = direct(brief, None, duration_s=8.0, fps=6)
        found.append(film.model_dump(mode="json"))
        here = Standing(takes=(KnownTake(id="t0001", parent=None, direction=film, brief=brief),))
        found += [understand(line, here).model_dump(mode="json") for line in ("make it rain and calmer", "at night")]
for one in found:
    print(hashlib.sha256(json.dumps(one, ensure_ascii=False).encode()).hexdigest()[:16])
"""


def test_another_hash_seed_reads_and_directs_alike() -> None:
    running = [subprocess.Popen([sys.executable, "-c", READS.format(root=str(ROOT))], text=True, cwd=ROOT,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | {"PYTHONHASHSEED": seed})
               for seed in ("1", "2")]
    told = [process.communicate(timeout=240) for process in running]
    assert all(process.returncode == 0 for process in running), told[0][1][-2000:]
    one, other = (out.split() for out, _ in told)
    assert len(one) > 40 and one == other

"""Clips on disk: numbered shards, written whole or not at all, so that a stopped run goes on where it was.

A shard is `streams-KIND-NNNNN.npz` with one array per stream (clips, 16, width) float16, its words (`text`: (U, 384)
embeddings of the strings used; `phrases` (clips, 2, 8) and `sentences` (clips, 2) int32 rows of it, -1 where none) and
`recipes` (JSON). Picture shards have `rgb-NNNNN.npy` (clips, 48, 144, 256, 3) uint8 and `sound-NNNNN.npy`
(clips, 96000) int16 beside them, to be mapped into memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from world_model.data.phrases import Recipe, phrases_of, sentence_of
from world_model.data.worlds import CLIP_STEPS, Clip, sample_clip, without_grain
from world_model.streams.from_state import state_streams
from world_model.streams.layout import FRAMES_PER_STEP, PICTURE_FPS, PICTURE_PX, SOUND_RATE_HZ, WIDTHS, Floats
from world_model.streams.music import score_stream
from world_model.streams.senses import glimpse, hearing
from world_model.text import Embedder

Kind = Literal["states", "glimpses", "pictures"]
CLIPS_IN: dict[str, int] = {"states": 256, "glimpses": 64, "pictures": 16}
# Seeds of the kinds lie apart, and held-out worlds (for measures only) apart from both.
FIRST_SEED = {"states": 10_000_000, "glimpses": 20_000_000, "pictures": 30_000_000}
HELD_OUT_SEED = 90_000_000
SMALL_PX = (64, 36)
WORDINGS, PHRASES = 2, 8


@dataclass(frozen=True)
class Seen:
    """One clip through the senses: streams, and pictures (48, 144, 256, 3) uint8 and sound (96000,) int16 or None."""

    streams: dict[str, Floats]
    rgb: NDArray[np.uint8] | None
    sound: NDArray[np.int16] | None


def sense(clip: Clip, kind: str, renderers: dict[tuple[int, int], Any]) -> Seen:
    """The streams of a clip; with `glimpses` also seen and heard at a glance, with `pictures` in full.

    `renderers` keeps a Renderer per size between calls.
    """
    streams = {**state_streams(clip.rows, PICTURE_FPS),
               "score": score_stream(clip.score, clip.whole, CLIP_STEPS, clip.piece_start_s)}
    if kind == "states":
        return Seen(streams, None, None)
    from world_model.data.sketches import sketch_of
    from world_model.sim.finish import finish
    from world_model.sim.picture import Renderer, edges_of
    from world_model.sim.sound import render_soundtrack

    size = PICTURE_PX if kind == "pictures" else SMALL_PX
    if size not in renderers:
        renderers[size] = Renderer(size, threads=1)
    renderer: Renderer = renderers[size]
    rows = without_grain(clip.rows)
    rng = np.random.default_rng([clip.seed, 79])
    seen, drawn, frames = list[Floats](), list[Floats](), list[NDArray[np.uint8]]()
    for k in range(len(rows)):
        middle = k % FRAMES_PER_STEP == FRAMES_PER_STEP // 2
        if not middle and kind != "pictures":
            continue
        buffer = renderer.geometry(rows[k:k + 1])
        rgb = finish(buffer, rows[k], 0, 1)
        frames.append(rgb)
        if middle:
            seen.append(glimpse(rgb))
            drawn.append(sketch_of(edges_of(buffer), buffer.object_id, rng).reshape(-1))
    sound = render_soundtrack(clip.world, clip.score, clip.piece, SOUND_RATE_HZ).mean(1)
    streams |= {"glimpse": np.stack(seen), "sketch": np.stack(drawn), "hearing": hearing(sound, CLIP_STEPS)}
    if kind == "glimpses":
        return Seen(streams, None, None)
    return Seen(streams, np.stack(frames), np.round(np.clip(sound, -1, 1) * 32767).astype(np.int16))


def words(recipes: list[Recipe], seeds: list[int], held_out: bool) -> tuple[list[str], NDArray[np.int32],
                                                                            NDArray[np.int32]]:
    """(strings, phrases (n, 2, 8), sentences (n, 2)): two wordings of every recipe as rows of the strings."""
    known: dict[str, int] = {}
    phrases = np.full((len(recipes), WORDINGS, PHRASES), -1, np.int32)
    sentences = np.full((len(recipes), WORDINGS), -1, np.int32)
    for n, (recipe, seed) in enumerate(zip(recipes, seeds, strict=True)):
        rng = np.random.default_rng([seed, 80])
        for k in range(WORDINGS):
            for j, phrase in enumerate(phrases_of(recipe, rng, PHRASES, held_out)):
                phrases[n, k, j] = known.setdefault(phrase, len(known))
            sentences[n, k] = known.setdefault(sentence_of(recipe, rng, held_out), len(known))
    return list(known), phrases, sentences


def write_shard(folder: Path, kind: str, number: int, held_out: bool = False, clips: int | None = None) -> bool:
    """Make shard `number` of a kind, of `clips` clips (CLIPS_IN by default), in a folder; False when it is there.

    Raises ValueError where the sentence encoder is not installed.
    """
    from world_model.text import packaged

    final = folder / f"streams-{kind}-{number:05d}.npz"
    if final.exists():
        return False
    embedder = packaged()
    if embedder is None:
        raise ValueError("the sentence encoder is not installed; run make setup")
    count = clips or CLIPS_IN[kind]
    first = (HELD_OUT_SEED if held_out else 0) + FIRST_SEED[kind] + number * count
    seeds = list(range(first, first + count))
    renderers: dict[tuple[int, int], Any] = {}
    made = [sample_clip(seed, held_out) for seed in seeds]
    found = [sense(clip, kind, renderers) for clip in made]
    strings, phrases, sentences = words([clip.recipe for clip in made], seeds, held_out)
    arrays: dict[str, NDArray[Any]] = {
        name: np.stack([one.streams[name] for one in found]).astype(np.float16) for name in found[0].streams}
    arrays |= {"text": _embedded(embedder, strings).astype(np.float16), "phrases": phrases, "sentences": sentences,
               "seeds": np.array(seeds), "recipes": np.array(json.dumps([asdict(clip.recipe) for clip in made]))}
    folder.mkdir(parents=True, exist_ok=True)
    if found[0].rgb is not None:
        _whole(folder / f"rgb-{number:05d}.npy", np.stack([one.rgb for one in found if one.rgb is not None]))
        _whole(folder / f"sound-{number:05d}.npy", np.stack([one.sound for one in found if one.sound is not None]))
    part = final.with_suffix(".part")
    with part.open("wb") as out:
        np.savez(out, allow_pickle=False, **arrays)
    part.replace(final)
    return True


_known: dict[str, Floats] = {}


def _embedded(embedder: Embedder, strings: list[str]) -> Floats:
    """(U, 384): short phrases come again in every shard and are kept; sorted by length, less padding is computed."""
    new = sorted((text for text in strings if text not in _known), key=len)
    for text, vector in zip(new, embedder.embed(new), strict=True):
        _known[text] = vector
    found = np.stack([_known[text] for text in strings])
    for text in [text for text in new if len(text) > 40]:
        del _known[text]
    return found


def _whole(path: Path, array: NDArray[Any]) -> None:
    part = path.with_suffix(".part")
    with part.open("wb") as out:
        np.save(out, array, allow_pickle=False)
    part.replace(path)


@dataclass(frozen=True)
class ClipSet:
    """All clips of some shards in memory. streams: name -> (n, 16, width) float16; `has` tells which rows a stream
    has (rows it lacks are zeros); text (U, 384); phrases (n, 2, 8), sentences (n, 2) rows of text; recipes (n)."""

    streams: dict[str, NDArray[np.float16]]
    has: dict[str, NDArray[np.bool_]]
    text: NDArray[np.float16]
    phrases: NDArray[np.int32]
    sentences: NDArray[np.int32]
    recipes: tuple[Recipe, ...]
    seeds: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.seeds)


def load_clips(folder: Path, extra: dict[str, int] | None = None) -> ClipSet:
    """Every whole shard of a folder. `extra` names further streams ({name: width}) that stand in files of latents
    beside the shards (`latents-NAME-NNNNN.npy`). Raises ValueError when there is none."""
    paths = sorted(folder.glob("streams-*.npz"))
    if not paths:
        raise ValueError(f"no shards in {folder}; make some with python -m world_model.data.make")
    shards = [_read(path) for path in paths]
    widths = {**WIDTHS, **(extra or {})}
    streams: dict[str, NDArray[np.float16]] = {}
    has: dict[str, NDArray[np.bool_]] = {}
    counts = [len(shard["seeds"]) for shard in shards]
    for name, width in widths.items():
        streams[name] = np.zeros((sum(counts), CLIP_STEPS, width), np.float16)
        has[name] = np.zeros(sum(counts), np.bool_)
        at = 0
        for path, shard, count in zip(paths, shards, counts, strict=True):
            own = shard.get(name)
            beside = folder / f"latents-{name}-{path.stem.rsplit('-', 1)[1]}.npy"
            if own is None and extra and name in extra and "pictures" in path.stem and beside.exists():
                own = np.load(beside).reshape(count, CLIP_STEPS, -1)
            if own is not None:
                streams[name][at:at + count] = own
                has[name][at:at + count] = True
            at += count
    starts = np.cumsum([0] + [len(shard["text"]) for shard in shards[:-1]])
    return ClipSet(
        streams, has, np.concatenate([shard["text"] for shard in shards]),
        np.concatenate([np.where(s["phrases"] >= 0, s["phrases"] + a, -1)
                        for s, a in zip(shards, starts, strict=True)]),
        np.concatenate([s["sentences"] + a for s, a in zip(shards, starts, strict=True)]),
        tuple(recipe for shard in shards for recipe in _recipes(shard)), np.concatenate([s["seeds"] for s in shards]))


def _read(path: Path) -> dict[str, NDArray[Any]]:
    with np.load(path, allow_pickle=False) as found:
        return {name: found[name] for name in found.files}


def _recipes(shard: dict[str, NDArray[Any]]) -> Iterator[Recipe]:
    return (Recipe(**entry) for entry in json.loads(str(shard["recipes"])))

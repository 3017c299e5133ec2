"""`beecam sound`: the sound of a take made anew, or of a film from what is seen in it; `beecam codec`: a round trip."""

from __future__ import annotations

import argparse
import math
import shutil
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Event as Flag
from typing import TYPE_CHECKING, Any

from agent.director_words import clock
from agent.events import AgentEvent
from agent.request import parse_param
from modalities.engine import Progress, SoundWish
from modalities.faults import Stopped, Unusable
from modalities.store import check_writable
from ui_gen.command_line.telling import Teller

if TYPE_CHECKING:
    from agent.studio import Studio
    from modalities.engines.sound.mixing import Mix

Result = dict[str, Any]
FILM_ENDINGS = frozenset({".mp4", ".mov", ".mkv", ".webm", ".avi", ".m4v"})


def sound(arguments: argparse.Namespace, studio: Studio, teller: Teller, stop: Flag) -> Result:
    """What was made and where it lies. Raises Unusable, Unavailable, Stopped."""
    from modalities.take_labels import take_id_of

    begun = time.monotonic()
    if arguments.seed is not None and not 0 <= arguments.seed < 2**31:
        raise Unusable(f"--seed {arguments.seed} cannot be used; expected 0 to {2**31 - 1}.")
    knobs = dict(map(parse_param, arguments.params))
    path = Path(arguments.what).expanduser()
    if path.suffix.lower() in FILM_ENDINGS or path.is_file():
        result = _of_film(arguments, knobs, path.absolute(), studio, teller, stop)
    else:
        result = _of_take(arguments, knobs, take_id_of(studio.store, arguments.what), studio, teller, stop)
    teller.clear()
    wall_s = round(time.monotonic() - begun, 2)
    teller.line(f"{arguments.what}: sound by {result['engine']}, {len(result['stems'])} stems, in {clock(wall_s)}: "
                f"{result['output']}")
    return {"input": arguments.what, **result, "wall_s": wall_s}


def _of_take(arguments: argparse.Namespace, knobs: dict[str, Any], take_id: str, studio: Studio, teller: Teller,
             stop: Flag) -> Result:
    from agent.sounding import sounded

    knobs |= {"narrate": True} if arguments.narrate else {}
    knobs |= {"foley": "model"} if arguments.foley else {}
    with _folder(arguments.out or studio.store.root / "sounds", take_id) as (part, final):
        made, wish = sounded(studio, take_id, arguments.engine, knobs, arguments.seed, part, _emit(teller), stop)
    return {"take": take_id, "engine": wish.id, **_listed(final, made.mix), "measured": made.measured}


def _of_film(arguments: argparse.Namespace, knobs: dict[str, Any], path: Path, studio: Studio, teller: Teller,
             stop: Flag) -> Result:
    from modalities.engines.sound.catalogue import PLAIN, chosen
    from modalities.engines.sound.of_film import RATE_HZ, foley_of, with_own_sound, with_sound
    from modalities.engines.sound.soundtrack import Soundtrack, written

    if arguments.narrate:
        raise Unusable("--narrate speaks the subtitles of a take; a film file has none.")
    engine, _ = chosen(SoundWish(arguments.engine or PLAIN, knobs))
    if arguments.engine not in (None, PLAIN) and not engine.makes_effects:
        raise Unusable(f"Sound engine {engine.card.id} makes music only; foley needs another one.")
    emit = _emit(teller)

    def tell(share: float) -> None:
        emit(Progress("sound", int(90 * share), 100, "percent"))

    by = engine if engine.makes_effects else None
    happened, foley = foley_of(path, by, arguments.seed or 1, stop, tell)
    with _folder(arguments.out or studio.store.root / "sounds", path.stem[:60] or "film") as (part, final):
        try:
            mix = with_own_sound(path, foley, part, stop)
        except InterruptedError:
            raise Stopped("The run was stopped; nothing of it was kept.") from None
        written(Soundtrack(mix, {}), part, RATE_HZ)
        film = with_sound(path, mix.sound, part)
    return {"engine": engine.card.id, **_listed(final, mix), "film": str(final / film.name),
            "events": [{"time_s": round(one.time_s, 4), "kind": one.kind, "strength": round(one.strength, 3)}
                       for one in happened.events], "measured": {"events": float(len(happened.events))}}


def codec(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    """A sound file through the codec and back. Raises Unusable, Unavailable, Stopped."""
    from modalities.engines.sound.codec import LONGEST_S, round_trip
    from modalities.media import decode_track, write_wav

    begun = time.monotonic()
    if arguments.kbps is not None and not (math.isfinite(arguments.kbps) and 0 < arguments.kbps <= 1000):
        raise Unusable(f"--kbps {arguments.kbps:g} cannot be used; expected a number above 0, such as 1.5, 3, 6 or 12.")
    path = arguments.file.expanduser().absolute()
    # A take's folder holds what its sidecar lists, and nothing else.
    beside = arguments.project.expanduser().absolute() / "sounds" if (path.parent / "take.json").is_file() else \
        path.parent
    out = _free(beside, path.stem) if arguments.out is None else arguments.out.expanduser().absolute()
    if out.suffix.lower() != ".wav" or out.exists():
        raise Unusable(f"--out {out.name} is there already." if out.exists() else
                       f"--out {out.name} is not a .wav file.")
    check_writable(out.parent)
    with tempfile.TemporaryDirectory(prefix="beecam-codec-") as scratch:
        try:
            track = decode_track(path, Path(scratch) / "in.wav", 48000, stop.is_set, LONGEST_S)
        except InterruptedError:
            raise Stopped("The run was stopped; nothing of it was kept.") from None
        emit = _emit(teller)
        made = round_trip(track.read(), 48000, arguments.kbps, arguments.codec, stop,
                          lambda share: emit(Progress("sound", int(100 * share), 100, "percent")))
        write_wav(Path(scratch) / "out.wav", iter((made.sound,)), 48000, None, float(abs(made.sound).max()))
        shutil.move(Path(scratch) / "out.wav", out)
    teller.clear()
    for note in track.notes:
        teller.line(note)
    teller.line(f"{path.name} at {made.kbps:g} kbit/s ({made.codebooks} codebooks; offered: "
                f"{', '.join(f'{one:g}' for one in made.offered_kbps)}): SNR {made.snr_db:.1f} dB, spectra "
                f"{made.spectral_db:.1f} dB apart, {made.loudness_before_lufs:.1f} to {made.loudness_after_lufs:.1f} "
                f"LUFS: {out}")
    return {"input": str(path), "output": str(out), "codec": made.codec, "kbps": made.kbps,
            "offered_kbps": list(made.offered_kbps), "codebooks": made.codebooks, "snr_db": round(made.snr_db, 2),
            "spectral_db": round(made.spectral_db, 2), "loudness_before_lufs": round(made.loudness_before_lufs, 2),
            "loudness_after_lufs": round(made.loudness_after_lufs, 2), "duration_s": round(track.duration_s, 3),
            "wall_s": round(time.monotonic() - begun, 2)}


def _listed(final: Path, mix: Mix) -> Result:
    from modalities.engines.sound.soundtrack import STEM

    loudness = round(mix.loudness_lufs, 2) if math.isfinite(mix.loudness_lufs) else None
    return {"output": str(final), "audio": str(final / "audio.wav"), "loudness_lufs": loudness,
            "stems": {name: str(final / STEM.format(name)) for name in mix.stems}}


@contextmanager
def _folder(root: Path, name: str) -> Generator[tuple[Path, Path]]:
    """A private folder, and the one whose name it takes when all went well; never one that is there."""
    root = root.expanduser().absolute()
    check_writable(root)
    part = Path(tempfile.mkdtemp(prefix=".making-", dir=root))
    final, n = root / name, 2
    while final.exists():
        final, n = root / f"{name}-{n}", n + 1
    try:
        yield part, final
        part.chmod(0o755)
        part.rename(final)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _free(folder: Path, stem: str) -> Path:
    out, n = folder / f"{stem}-codec.wav", 2
    while out.exists():
        out, n = folder / f"{stem}-codec-{n}.wav", n + 1
    return out


def _emit(teller: Teller) -> Callable[[Progress], None]:
    return lambda one: teller.tell(AgentEvent(kind="progress", stage=one.stage, done=one.done, total=one.total,
                                              unit=one.unit))

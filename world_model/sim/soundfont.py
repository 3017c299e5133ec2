"""The soundfont that ships with the project: finding it, and cutting the presets one piece needs out of it.

A soundfont (SoundFont 2.04 specification, RIFF `sfbk`) is a list of presets made of instruments made of samples; in
the sf3 form each sample is an Ogg Vorbis stream. Decoding every sample takes more than a second, so a piece loads a
subset with only its own presets. world_model/soundfont/make_soundfont.py uses the same cut to make the shipped file.
"""

from __future__ import annotations

import itertools
import struct
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

FONT_PATH = Path(__file__).resolve().parent.parent / "soundfont" / "general.sf3"
GEN_PAN, GEN_KEY_RANGE, GEN_VELOCITY_RANGE, GEN_INSTRUMENT, GEN_SAMPLE = 17, 43, 44, 41, 53
Zone = tuple[tuple[tuple[int, int], ...], tuple[bytes, ...]]  # generators (operator, unsigned amount), modulators


class SoundfontError(RuntimeError):
    """The soundfont is missing or is not one; the message names the file."""


@dataclass(frozen=True)
class Sample:
    """One sample: 20-byte name, encoded bytes, and the numbers of its header (loop is counted in decoded frames)."""

    name: bytes
    data: bytes
    loop_start: int
    loop_end: int
    rate_hz: int
    root: int
    correction: int
    link: int
    kind: int


@dataclass(frozen=True)
class Font:
    """A parsed sf3. presets: (name, program, bank, zones); instruments: (name, zones)."""

    info: tuple[tuple[bytes, bytes], ...]
    presets: tuple[tuple[bytes, int, int, tuple[Zone, ...]], ...]
    instruments: tuple[tuple[bytes, tuple[Zone, ...]], ...]
    samples: tuple[Sample, ...] = field(repr=False)


def _chunks(data: bytes, start: int, stop: int) -> list[tuple[bytes, int, int]]:
    """(id, offset, size) of each chunk. Some writers leave out the pad byte after an odd chunk, so look first."""
    found: list[tuple[bytes, int, int]] = []
    at = start
    while at + 8 <= stop:
        name, size = data[at:at + 4], struct.unpack_from("<I", data, at + 4)[0]
        found.append((name, at + 8, size))
        at += 8 + size
        if size & 1 and data[at:at + 4] not in (b"LIST", b"pdta"):
            at += 1
    return found


def read(data: bytes) -> Font:
    """Parse the bytes of an sf3. Raises SoundfontError when they are not one."""
    if data[:4] != b"RIFF" or data[8:12] != b"sfbk":
        raise SoundfontError("not a soundfont: the RIFF sfbk header is missing")
    table: dict[bytes, tuple[int, int]] = {}
    info: list[tuple[bytes, bytes]] = []
    for name, at, size in _chunks(data, 12, len(data)):
        if name != b"LIST":
            continue
        kind = data[at:at + 4]
        for inner, start, length in _chunks(data, at + 4, at + size):
            table[inner] = (start, length)
            if kind == b"INFO":
                info.append((inner, data[start:start + length]))

    def rows(name: bytes, form: str) -> list[tuple[int, ...]]:
        start, length = table[name]
        return list(struct.iter_unpack(form, data[start:start + length]))

    gens = {b"p": rows(b"pgen", "<HH"), b"i": rows(b"igen", "<HH")}
    bags = {b"p": rows(b"pbag", "<HH"), b"i": rows(b"ibag", "<HH")}
    mods = {side: [data[table[side + b"mod"][0] + k:][:10] for k in range(0, table[side + b"mod"][1], 10)]
            for side in (b"p", b"i")}

    def zones(side: bytes, first: int, stop: int) -> tuple[Zone, ...]:
        out: list[Zone] = []
        for index in range(first, stop):
            (g0, m0), (g1, m1) = bags[side][index], bags[side][index + 1]
            out.append((tuple((g[0], g[1]) for g in gens[side][g0:g1]), tuple(mods[side][m0:m1])))
        return tuple(out)

    heads = rows(b"phdr", "<20sHHHIII")
    presets = tuple((bytes(a[0]), int(a[1]), int(a[2]), zones(b"p", a[3], b[3]))  # pyright: ignore[reportArgumentType]
                    for a, b in itertools.pairwise(heads))
    heads = rows(b"inst", "<20sH")
    instruments = tuple((bytes(a[0]), zones(b"i", a[1], b[1]))  # pyright: ignore[reportArgumentType]
                        for a, b in itertools.pairwise(heads))
    base = table[b"smpl"][0]
    samples = tuple(Sample(bytes(s[0]), data[base + s[1]:base + s[2]], *s[3:])  # pyright: ignore[reportArgumentType]
                    for s in rows(b"shdr", "<20sIIIIIBbHH")[:-1])
    return Font(tuple(info), presets, instruments, samples)


def _number(zone: Zone, operator: int) -> int | None:
    return next((amount for op, amount in zone[0] if op == operator), None)


def _renumber(zone: Zone, operator: int, numbers: dict[int, int]) -> Zone:
    return tuple((op, numbers[amount]) if op == operator else (op, amount) for op, amount in zone[0]), zone[1]


def subset(font: Font, keep: frozenset[tuple[int, int]]) -> Font:
    """Only the presets whose (bank, program) is in `keep`, with what they use, renumbered."""
    presets = [p for p in font.presets if (p[2], p[1]) in keep]
    used = sorted({n for p in presets for z in p[3] if (n := _number(z, GEN_INSTRUMENT)) is not None})
    new_instrument = {old: new for new, old in enumerate(used)}
    instruments = [font.instruments[n] for n in used]
    heard = sorted({n for i in instruments for z in i[1] if (n := _number(z, GEN_SAMPLE)) is not None})
    new_sample = {old: new for new, old in enumerate(heard)}
    return replace(
        font,
        presets=tuple((p[0], p[1], p[2], tuple(_renumber(z, GEN_INSTRUMENT, new_instrument) for z in p[3]))
                      for p in presets),
        instruments=tuple((i[0], tuple(_renumber(z, GEN_SAMPLE, new_sample) for z in i[1])) for i in instruments),
        samples=tuple(replace(font.samples[n], link=new_sample.get(font.samples[n].link, 0)) for n in heard))


def write(font: Font) -> bytes:
    """The bytes of a font; `read(write(font))` gives it back."""
    def chunk(name: bytes, body: bytes) -> bytes:
        return name + struct.pack("<I", len(body) + (len(body) & 1)) + body + b"\0" * (len(body) & 1)

    def layers(owners: list[tuple[Zone, ...]]) -> tuple[list[int], bytes, bytes, bytes]:
        first, bag, gen, mod = [], b"", bytearray(), bytearray()
        count, bags = 0, bytearray()
        for zones in owners:
            first.append(count)
            for gens, mods in zones:
                bags += struct.pack("<HH", len(gen) // 4, len(mod) // 10)
                gen += b"".join(struct.pack("<HH", *g) for g in gens)
                mod += b"".join(mods)
                count += 1
        bag = bytes(bags) + struct.pack("<HH", len(gen) // 4, len(mod) // 10)
        return [*first, count], bag, bytes(gen) + bytes(4), bytes(mod) + bytes(10)

    pfirst, pbag, pgen, pmod = layers([p[3] for p in font.presets])
    ifirst, ibag, igen, imod = layers([i[1] for i in font.instruments])
    phdr = b"".join(struct.pack("<20sHHHIII", p[0], p[1], p[2], at, 0, 0, 0)
                    for p, at in zip(font.presets, pfirst))
    phdr += struct.pack("<20sHHHIII", b"EOP", 0, 0, pfirst[-1], 0, 0, 0)
    inst = b"".join(struct.pack("<20sH", i[0], at) for i, at in zip(font.instruments, ifirst))
    inst += struct.pack("<20sH", b"EOI", ifirst[-1])
    at, shdr, body = 0, bytearray(), bytearray()
    for s in font.samples:
        shdr += struct.pack("<20sIIIIIBbHH", s.name, at, at + len(s.data), s.loop_start, s.loop_end, s.rate_hz,
                            s.root, s.correction, s.link, s.kind)
        body += s.data
        at += len(s.data)
    shdr += struct.pack("<20sIIIIIBbHH", b"EOS", 0, 0, 0, 0, 0, 0, 0, 0, 0)
    info = b"INFO" + b"".join(chunk(name, text) for name, text in font.info)
    pdta = b"pdta" + b"".join(chunk(name, part) for name, part in (
        (b"phdr", phdr), (b"pbag", pbag), (b"pmod", pmod), (b"pgen", pgen), (b"inst", inst), (b"ibag", ibag),
        (b"imod", imod), (b"igen", igen), (b"shdr", bytes(shdr))))
    whole = b"sfbk" + chunk(b"LIST", info) + chunk(b"LIST", b"sdta" + chunk(b"smpl", bytes(body)))
    return chunk(b"RIFF", whole + chunk(b"LIST", pdta))


@lru_cache(maxsize=1)
def shipped() -> Font:
    """The font in the project. Raises SoundfontError with the path when it is not there."""
    if not FONT_PATH.is_file():
        raise SoundfontError(f"the soundfont is missing: {FONT_PATH}. Reinstall Beecam, or run "
                             f"python {FONT_PATH.parent / 'make_soundfont.py'} SOURCE.sf3")
    return read(FONT_PATH.read_bytes())


@lru_cache(maxsize=16)
def cut(keep: frozenset[tuple[int, int]]) -> bytes:
    """Bytes of the shipped font with only the presets (bank, program) in `keep`."""
    return write(subset(shipped(), keep))

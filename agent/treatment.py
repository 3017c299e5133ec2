"""A take that explains itself: logline, arc, shots with times, what each reference gave and why, how it came to be.

`treatment(take_id, store)` is the text; `treated` the same as data. Everything is read from the take's own documents;
what a creator typed stands in quotation marks and is never read as anything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from agent.brief import Brief, ReferenceUse, Trait
from agent.couplings import said
from agent.direction import Body, Direction, Shot, Span
from agent.director_words import GENRE_WORDS, LOOK_WORDS, body_words, clock, hour_word, length_word, setting_word
from agent.pacing import span_s
from agent.tree_diff import changes
from modalities.convert.treatment import MOVES
from modalities.faults import Unusable
from modalities.store import Store, Take

MOST_CHANGES = 4
MOST_ANCESTORS = 40
SCALE_WORDS = {"wide": "A wide shot of", "full": "A full shot of", "medium": "A medium shot of", "close": "Close on",
               "detail": "A detail of"}
CUTS = {"hard": "cut", "dissolve": "dissolve", "fade": "fade"}
WEATHERS = (("storm", "storm"), ("snow", "snow"), ("rain", "rain"), ("fog", "fog"), ("dust", "dust"),
            ("aurora", "northern lights"))


@dataclass(frozen=True)
class ShotTold:
    """A line of the shot list. seen, camera, sound: sentences; told: what the request says of it, or empty."""

    number: int
    id: str
    start_s: float
    end_s: float
    purpose: str
    why: str
    seen: str
    camera: str
    sound: str
    begins: str
    told: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Treatment:
    """A take in words, by part."""

    take: str
    title: str
    logline: str
    arc: str
    shots: tuple[ShotTold, ...]
    sound: str
    references: tuple[str, ...]
    said: tuple[str, ...]
    history: tuple[str, ...]


def treatment(take_id: str, store: Store) -> str:
    """The treatment of a take as text. Raises Unusable for a take that is not there or whose documents are damaged."""
    return as_text(treated(take_id, store))


def treated(take_id: str, store: Store) -> Treatment:
    """The treatment of a take by part. Raises Unusable."""
    take = store.take(take_id)
    direction, brief = _documents(take)
    heads = {t.part: str(t.value) for t in brief.traits if t.axis == "heading" and t.part is not None}
    return Treatment(take.id, direction.title or take.id, _logline(direction, list(heads.values())), _arc(direction),
                     _shots(direction, brief, heads), _sound(direction),
                     tuple(_reference(use, brief, k + 1) for k, use in enumerate(brief.references)), _said(brief),
                     _history(take, store))


def as_data(found: Treatment) -> dict[str, object]:
    """The treatment as JSON."""
    return asdict(found)


def as_text(found: Treatment) -> str:
    """The treatment as plain text, a paragraph to a part."""
    lines = [found.title, "=" * min(72, max(3, len(found.title))), "", found.logline, "", found.arc, "", "SHOTS", ""]
    for shot in found.shots:
        lines.append(f"{shot.number:>3}  {clock(shot.start_s)}–{clock(shot.end_s)}  {shot.purpose}"
                     f"{f', {shot.why}' if shot.why else ''}")
        lines.append(f"     {shot.seen} {shot.camera}")
        if shot.told:
            lines.append(f"     “{shot.told}”")
        lines += [f"     On the screen: “{' / '.join(words.splitlines())}”" for words in shot.words]
        lines += [f"     {shot.sound} {shot.begins}".rstrip(), ""]
    lines += ["SOUND", "", found.sound, ""]
    for head, part in (("REFERENCES", found.references), ("WHAT WAS ASKED, AND WHAT IT LED TO", found.said),
                       ("HOW IT CAME TO BE", found.history)):
        if part:
            lines += [head, "", *part, ""]
    return "\n".join(lines).rstrip() + "\n"


def _documents(take: Take) -> tuple[Direction, Brief]:
    try:
        return (Direction.model_validate(take.document("direction")),
                Brief.model_validate(take.brief) if take.brief else Brief(goal=""))
    except (OSError, ValueError):
        raise Unusable(f"The documents of take {take.id} are damaged: {take.dir}.") from None


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _subjects(direction: Direction) -> list[Body]:
    """Who is seen, those in most shots first."""
    count: dict[str, int] = {}
    body: dict[str, Body] = {}
    for shot in direction.shots:
        for one in shot.world.bodies:
            count[one.id] = count.get(one.id, 0) + 1
            body.setdefault(one.id, one)
    return [body[key] for key in sorted(count, key=lambda key: -count[key])]


def _logline(direction: Direction, heads: Sequence[str]) -> str:
    who = _listed([body_words(body) for body in _subjects(direction)[:2]])
    places = list(dict.fromkeys(setting_word(shot.world.place) for shot in direction.shots))
    looks = list(dict.fromkeys(LOOK_WORDS.get(shot.world.look, shot.world.look) for shot in direction.shots))
    length = length_word(direction.duration_s)
    article = "An" if length.startswith(("8", "11-", "18-")) else "A"
    way = f"from the {places[0]} to the {places[1]}" if len(places) == 2 else \
        f"through the {_listed(places[:4])}" if len(places) > 2 else f"in the {places[0]}"
    back = setting_word(direction.shots[-1].world.place) == places[0] and len(places) > 1
    story = f"{_capital(who or 'A film without anybody')}, {way}{', and back' if back else ''}."
    end = f" It ends: “{heads[-1].rstrip('.')}.”" if len(heads) > 2 else ""
    shots = "one shot" if len(direction.shots) == 1 else f"{len(direction.shots)} shots"
    return f"{story}{end} {article} {length} {_listed(looks[:3])} in {shots}."


def _arc(direction: Direction) -> str:
    """Where it begins, where it is strongest, where it ends: in light, distance and tempo of cutting."""
    shots, music = direction.shots, direction.music
    spans = [span_s(shot.span, music) for shot in shots]
    first, last = hour_word(shots[0].world.light.time_h), hour_word(shots[-1].world.light.time_h)
    light = f"It begins at {first} and ends at {last}" if first != last else f"It stays at {first}"
    if len(shots) < 3:
        return f"{light}."
    named = next((k for k, shot in enumerate(shots) if shot.purpose == "climax"), None)
    peak = named if named is not None else next((k for k, shot in enumerate(shots) if shot.purpose == "reveal"), None)
    top = f" The high point is shot {peak + 1}, at {clock(spans[peak][0])}." if peak is not None else ""
    lengths = [end - start for start, end in spans]
    third = max(1, len(shots) // 3)
    opening, middle = sum(lengths[:third]) / third, sum(lengths[third:2 * third]) / third
    cutting = "cuts come quicker towards the middle" if middle < 0.8 * opening else \
        "shots grow longer towards the middle" if middle > 1.25 * opening else "the cutting keeps its pace"
    turns = [f"shot {k + 1}" for k, shot in enumerate(shots) if shot.purpose == "turn"]
    turn = f" It turns in {_listed(turns)}." if turns else ""
    return f"{light}; {cutting}.{turn}{top}"


def _shots(direction: Direction, brief: Brief, heads: dict[int, str]) -> tuple[ShotTold, ...]:
    starts = sorted((float(t.value.get("t_s") or 0.0), t.part) for t in brief.traits if t.axis == "sequence"
                    and t.part is not None and t.part in heads and isinstance(t.value, dict))
    whys = {(t.axis, t.part): t.because for t in brief.traits if t.axis in ("purpose", "transition")}
    out: list[ShotTold] = []
    told: set[int] = set()
    total = max([start for start, _ in starts], default=0.0)
    for k, shot in enumerate(direction.shots):
        start_s, end_s = span_s(shot.span, direction.music)
        # Beats lie on bar lines near their own times: the one that begins nearest to a shot, if none told it before.
        near = min(((abs(at - start_s), part) for at, part in starts if part not in told), default=None)
        part = near[1] if near is not None and near[0] < max(1.5, 0.04 * total) else None
        told |= {part} if part is not None else set()
        out.append(ShotTold(
            k + 1, shot.id, round(start_s, 3), round(end_s, 3), shot.purpose,
            whys.get(("purpose", part), "") if part is not None else "", _seen(shot),
            _camera(shot), _heard(direction, start_s, shot), _begins(shot, k, whys.get(("transition", part), "")),
            heads[part] if part is not None else "",
            tuple(title.text for title in direction.titles if title.shot == shot.id)))
    return tuple(out)


def _seen(shot: Shot) -> str:
    who = [body_words(body) for body in shot.world.bodies[:3]]
    place = setting_word(shot.world.place)
    lead = "on" if place in ("ocean", "lake", "islands") else "in"
    hour = hour_word(shot.world.light.time_h)
    weather = [word for name, word in WEATHERS if getattr(shot.world.weather, name) >= 0.3]
    where = f"{lead} the {place}" if who else f"the {place}"
    when = f"{'in' if 'light' in hour else 'at'} {hour}"
    return f"{SCALE_WORDS[shot.camera.scale]} {_listed(who) + ' ' if who else ''}{where}, {when}" \
           f"{', in ' + _listed(weather) if weather else ''}."


def _camera(shot: Shot) -> str:
    body = next((one for one in shot.world.bodies if one.id == shot.camera.target), None)
    move = MOVES.get(shot.camera.move, shot.camera.move)
    of = "" if body is None else f" the {body_words(body).split(' ', 1)[-1]}" if shot.camera.move in (
        "follow", "orbit") else f", on the {body_words(body).split(' ', 1)[-1]}"
    of = " what it sees" if not of and shot.camera.move in ("follow", "orbit") else of
    return f"The camera {move}{of}, {shot.camera.lens_mm:.0f} mm."


def _heard(direction: Direction, start_s: float, shot: Shot) -> str:
    music = direction.music
    named = next((s for s in music.sections if span_s(Span(bars=s.bars), music)[1] > start_s + 1e-3), None)
    if direction.score is not None and direction.score.music_level <= 0:
        return "No music."
    energy = f", energy {named.energy:.0%}" if named is not None else ""
    return f"Sound: {shot.section or 'the music'}{energy}."


def _begins(shot: Shot, number: int, why: str) -> str:
    if number == 0:
        return "Fades in." if shot.cut == "fade" else ""
    return f"Begins with a {CUTS[shot.cut]}{f': {why}' if why else ''}."


def _sound(direction: Direction) -> str:
    score = direction.score
    drives = said(direction.links)
    driven = f" {_capital(_listed(drives))}." if drives else ""
    if score is None:
        return f"Your own music, {direction.music.tempo_bpm:.0f} bpm; the film is cut to it.{driven}"
    if score.music_level <= 0:
        return f"No music; what is seen is heard.{driven}"
    genre = GENRE_WORDS.get(score.genre, score.genre)
    form = " – ".join(f"{section.name} ({section.bars})" for section in score.sections[:12])
    return (f"{'An' if genre[0] in 'aeiou' else 'A'} {genre} score in {'minor' if score.minor else 'major'} at "
            f"{score.tempo_bpm:.0f} bpm: {form}, bars in brackets.{driven}")


def _reference(use: ReferenceUse, brief: Brief, number: int) -> str:
    cues = list(dict.fromkeys(f"{t.axis.replace('_', ' ')} by {t.because}" for t in brief.traits
                              if t.reference == number))[:5]
    name = use.path.replace("\\", "/").rsplit("/", 1)[-1][:80]
    gave = " ".join(part if part.endswith(".") else f"{part}." for part in use.used) or "Nothing of it was used."
    return f"“{name}” ({use.kind}), as {_listed(list(use.roles)) or 'nothing'}, {use.because}. {gave}" \
           f"{' It gave ' + _listed(cues) + '.' if cues else ''}"


def _said(brief: Brief) -> tuple[str, ...]:
    """The words that led somewhere, the surest of each axis, at most a dozen; and what could not be shown."""
    out: list[str] = []
    kept: list[Trait] = [t for t in brief.traits if t.reference is None and t.confidence >= 0.6 and t.because
                         and t.axis in ("look", "genre", "tempo_bpm", "duration_s", "palette", "mood", "title", "shots")
                         and t.part is None]
    for t in kept[:8]:
        axis = t.axis.removesuffix("_bpm").removesuffix("_s").replace("_", " ")
        value = f"{t.value:g}" if isinstance(t.value, int | float) else str(t.value).replace("_", " ")
        out.append(f"“{t.because[:80]}”: {axis} {value[:60]}.")
    out += [note if note.endswith((".", "”")) else f"{note}." for note in brief.notes
            if "shown as" in note or "will not be shown" in note or "Kept the same" in note][:6]
    return tuple(_capital(line) for line in out)


def _history(take: Take, store: Store) -> tuple[str, ...]:
    """The takes that led here, oldest first, each with its reason and what it changed."""
    chain: list[Take] = [take]
    known = {one.id: one for one in store.takes()}
    while chain[0].parents and len(chain) < MOST_ANCESTORS and (elder := known.get(chain[0].parents[0])) is not None \
            and elder.id not in {one.id for one in chain}:
        chain.insert(0, elder)
    out: list[str] = []
    before: Direction | None = None
    for one in chain:
        now = _documents(one)[0]
        reason = " ".join(one.reason.split())
        reason = reason if len(reason) <= 140 else f"{reason[:139]}…"
        line = f"{one.id}: “{reason}”" if reason else f"{one.id}."
        if before is not None:
            changed = [change.said for change in changes(before, now)]
            more = f", and {len(changed) - MOST_CHANGES} more" if len(changed) > MOST_CHANGES else ""
            line += f" {'; '.join(changed[:MOST_CHANGES])}{more}." if changed else " The same Direction, made again."
        if len(one.parents) > 1:
            line += f" Put together with {_listed(list(one.parents[1:]))}."
        out.append(line)
        before = now
    return tuple(out)

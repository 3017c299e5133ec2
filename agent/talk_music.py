"""The music in words: genre, tempo, metre, key, players, levels; a creator's own track stays what it is."""

from __future__ import annotations

import re
from typing import Any, cast

from agent.director_score import GENRE_TEMPO
from agent.director_tables import INSTRUMENTS
from agent.director_wishes import Wishes
from agent.director_words import GENRE_WORDS
from agent.lexicon.words import NUMBERS
from agent.talk_change import Changed
from agent.talk_lines import without
from agent.talk_score_moods import mood_said
from world_model.score import SILENT, Genre

_SOUND = (r"(?:the |its |this )?(?P<what>music|score|soundtrack|song|sound effects|sound|audio|volume|"
          r"ambience|atmosphere|noises?|effects|foley)")
_IS = r"(?: (?:should|could|is|be|a bit|much|to|must))*"
_LEVELS = {"music": ("music_level",), "score": ("music_level",), "soundtrack": ("music_level",), "song": (
    "music_level",),
           "ambience": ("ambience_level",), "atmosphere": ("ambience_level",), "noise": ("ambience_level",
               "effects_level"),
           "noises": ("ambience_level", "effects_level"), "effects": ("effects_level",), "sound effects": (
               "effects_level",),
           "foley": ("effects_level",)}
_ALL = ("music_level", "ambience_level", "effects_level")
_DOWN = re.compile(rf"\b(?:turn down {_SOUND}|turn {_SOUND.replace('what', 'w2')} down|"
                   rf"(?:quieter|softer|lower|less|more quiet) {_SOUND.replace('what', 'w3')}|"
                   rf"{_SOUND.replace('what', 'w4')}{_IS} (?:quieter|softer|lower|too loud|down|less loud))\b")
_UP = re.compile(rf"\b(?:turn up {_SOUND}|turn {_SOUND.replace('what', 'w2')} up|(?:louder|"
                 rf"more) {_SOUND.replace('what', 'w3')}|"
                 rf"{_SOUND.replace('what', 'w4')}{_IS} (?:louder|too quiet|up|less quiet))\b")
_PLAYER_DOWN, _PLAYER_UP = (re.compile(
    rf"^(?:make |with |a bit |much |a )*(?:{how}) (?:the )?(?P<who>{{0}})$|"
    rf"^(?:make )?(?:the )?(?P<who2>{{0}}){_IS} (?:{how})$".replace("{0}", "|".join(sorted(
        {name for _, name in INSTRUMENTS.values()} | {"piano", "guitar", "violin", "strings", "bass", "melody"},
        key=len, reverse=True)))) for how in ("quieter|softer|gentler|lower|less loud", "louder|stronger"))
_OFF = re.compile(rf"\b(?:no|without|mute|silence|switch off|turn off|kill|remove|drop|stop) (?:any |"
                  rf"all )?{_SOUND}(?: off)?\b|"
                  rf"\bturn {_SOUND.replace('what', 'w2')} off\b|^silent$|^mute(?: it)?$")
_ON = re.compile(rf"\b(?:with|bring back|turn on|switch on|unmute|add) {_SOUND}(?: (?:back|again|on))?$|"
                 rf"\b{_SOUND.replace('what', 'w2')} (?:back )?on(?: again)?\b|"
                 rf"^(?:bring )?{_SOUND.replace('what', 'w3')} back\b")
# What the world sounds of: only louder and quieter it can be in the ears alone.
_HEARD = (r"(?:the |its |this )?(?:sounds? of )?(?:the )?(?:waves?|sea|ocean|surf|water|wind|rain|birds?|birdsong|"
          r"thunder|"
          r"crickets|insects|leaves|river|stream|city|traffic|street|crowd|nature|footsteps|steps|splash(?:es)?)"
          r"(?:'s)?(?: (?:sounds?|noises?))?")
_HEARD_UP = re.compile(rf"\blouder {_HEARD}\b|\b{_HEARD}{_IS} (?:louder|too quiet|more audible|less quiet)\b|"
                       rf"\bturn up {_HEARD}\b|\bturn {_HEARD} up\b|\bhear (?:more of )?{_HEARD}(?: (?:more|"
                       rf"better))?\b|"
                       rf"\bmore (?:sound|noise) of {_HEARD}\b")
_HEARD_DOWN = re.compile(rf"\bquieter {_HEARD}\b|\b{_HEARD}{_IS} (?:quieter|too loud|less loud)\b|"
                         rf"\bturn down {_HEARD}\b|\bturn {_HEARD} down\b|\bhear less of {_HEARD}\b|"
                         rf"\bless (?:sound|noise) of {_HEARD}\b")
_METRE = re.compile(r"\b(?:in(?:to)? )?(?:a )?(?P<n>[2-7]) ?/ ?(?:4|8)(?: time| metre| meter| time signature)?\b|"
                    r"\bin (?P<w>three|four|five|six|seven)(?:-four)? time\b|"
                    r"\b(?P<z>waltz time|three-four)\b")
_COUNTED = "|".join(sorted((word for word, n in NUMBERS.items() if word.isalpha() and 1 <= n <= 60), key=len,
                           reverse=True))
_WORDS = {"three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}
_TEMPO = re.compile(r"\b(?:(?P<up>faster|quicker|speed up(?: the)?|up(?: the)?)|(?P<down>slower|"
                    r"slow down(?: the)?)) (?:the )?(?:tempo|music|song|beat|bpm|tune|track)\b|"
                    r"\b(?:the )?(?:tempo|music|song|beat|bpm|tune|track|score|soundtrack|melody) (?:should be |"
                    r"could be |is |be |a bit |much |"
                    r"to be )*(?:(?P<up2>faster|quicker|too slow|up)|(?P<down2>slower|too fast|down))\b|"
                    r"\b(?P<x>double|half) (?:the )?(?:tempo|bpm)\b|"
                    rf"\b(?:by )?(?P<dx>\d{{1,3}}|{_COUNTED}) (?:bpm|beats (?:a|per) minute) (?P<dir>faster|slower|"
                    rf"more|"
                    r"less|up|down|quicker)\b|"
                    r"\b(?P<dir2>faster|slower|up|down|plus|minus|quicker|raise|lower|increase|reduce)(?: the)?"
                    rf"(?: tempo| music| song| beat| bpm| it)?(?: by)? (?P<dx2>\d{{1,3}}|{_COUNTED}) (?:bpm|beats "
                    rf"(?:a|per) "
                    rf"minute)\b|^(?:make it |and |now |go |by )*(?P<dx3>\d{{1,3}}|{_COUNTED}) (?P<dir3>faster|slower|"
                    r"quicker)$")
_KEY = re.compile(r"\b(?P<mode>minor|major)(?: key)?\b|\bin (?P<key>[a-g])(?P<sharp>#| sharp| flat)? (?P<m2>minor|"
                  r"major)\b")
_CALMER = re.compile(r"\b(?:(?P<down>calmer|gentler|less intense|more relaxed)|(?P<up>wilder|livelier|more energetic|"
                     r"more intense)) (?:music|score|song)\b|"
                     r"\b(?:music|score|song) (?:should be |be |is |a bit |to be )*(?:(?P<down2>calmer|gentler)|"
                     r"(?P<up2>wilder|livelier|more energetic))\b")
_PLAYERS = "|".join(sorted({name for _, name in INSTRUMENTS.values()} | {"piano", "guitar", "violin", "strings"},
                             key=len, reverse=True))
_DROP_PLAYER = re.compile(rf"\b(?:no|without|remove|mute|lose|drop|less) (?:more |the |any |that )?(?P<part>drums?|"
                          rf"percussion|bass|melody|harmony|beat|{_PLAYERS})\b(?: at all)?|"
                          r"\b(?:the )?(?P<part2>drums?|percussion|bass|melody|beat) (?:off|out|away|gone)\b")
_PART_BACK = re.compile(r"\b(?:bring (?:back )?|give me (?:back )?|add |with |unmute |put )(?:the |some |a )?"
                        r"(?P<part>drums?|percussion|bass|melody|harmony|beat)\b(?: back(?: in)?| again| in)?")
# Who plays a part instead of a player who is not wanted; the first who is not that player.
_INSTEAD = {"bass": ("cello", "double bass"), "harmony": ("strings", "harp"), "melody": ("violin", "flute")}
_PITCHES = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_TALKS = re.compile(r"\b(?:music|score|soundtrack|song|tempo|beat|bpm|genre|melody|drums|bass)\b")
OWN_TRACK = "The music is your own track, so its genre, tempo and key stay as they are"


def music_said(made: Changed, text: str, strength: float) -> str:
    """Does what a clause says of levels, tempo, metre and key; returns what is left of it."""
    score: Any = made.document["score"]
    text = _heard(made, score, text, strength)
    if found := _PLAYER_DOWN.match(text) or _PLAYER_UP.match(text):
        # Players have no level of their own; who is named is most of what is heard.
        text = f"{'quieter' if _PLAYER_DOWN.match(text) else 'louder'} music"
    for pattern, act in ((_OFF, 0.0), (_DOWN, 0.6), (_UP, 1.3), (_ON, 1.0)):
        found = pattern.search(text)
        if found is None:
            continue
        what = next((value for value in found.groupdict().values() if value), "sound")
        text = without(text, found)
        if score is None:
            made.missed.append("The music is your own track and plays as it is")
            continue
        levels = _LEVELS.get(what, _ALL)
        before = {name: score[name] for name in levels}
        for name in levels:
            now = float(score[name])
            score[name] = 0.0 if act == 0 else (now
                                                or 1.0) if pattern is _ON else round(min(1.5, now * act ** strength), 4)
        thing = "the music" if levels == ("music_level",) else "the effects" if levels == ("effects_level",) else \
            "the ambience" if levels == ("ambience_level",) else "the sound"
        said = f"{thing} is " + ("off" if act == 0 else "quieter" if act < 1 else "on again" if pattern is _ON
                                 else "louder")
        said = said.replace("the effects is", "the effects are")
        if before == {name: score[name] for name in levels}:
            made.same = True if act in (0.0, 1.0) else made.same
            made.clamped += [said.capitalize()] if act not in (0.0, 1.0) else []
        else:
            made.told(said, "music")
    if (left := mood_said(made, text, strength)) is not None:
        return left
    for pattern, act2 in ((_TEMPO, _tempo), (_METRE, _metre), (_CALMER, _calmer), (_PART_BACK, _part_back),
                          (_DROP_PLAYER, _players)):
        if found := pattern.search(text):
            if pattern is _METRE and (found["n"] or "") and re.search(r"\b\d+ ?/ ?8\b",
                                                                      found[0]) and found["n"] not in "67":
                continue
            text = without(text, found)
            if score is None:
                made.missed.append(OWN_TRACK)
            else:
                act2(made, score, found, strength)
    if found := _KEY.search(text):
        if score is None:
            made.missed.append(OWN_TRACK)
        else:
            mode = found["mode"] or found["m2"]
            before = (score["key"], score["minor"])
            score["minor"] = mode == "minor"
            if found["key"]:
                shift = {"#": 1, " sharp": 1, " flat": -1}.get(found["sharp"] or "", 0)
                score["key"] = (_PITCHES[found["key"]] + shift) % 12
            _noted(made, (score["key"], score["minor"]) != before, f"the music is in {mode}")
        text = without(text, found)
    return text


def _heard(made: Changed, score: dict[str, Any] | None, text: str, strength: float) -> str:
    """The sounds of the world ("louder waves"): its ambience and effects are turned, what is seen stays."""
    for pattern, factor in ((_HEARD_UP, 1.3), (_HEARD_DOWN, 0.6)):
        found = pattern.search(text)
        if found is None:
            continue
        text = without(text, found)
        said = f"what is heard of the world is {'louder' if factor > 1 else 'quieter'}"
        if score is None:
            made.missed.append("The music is your own track and plays as it is")
            continue
        before = dict(score)
        for name in ("ambience_level", "effects_level"):
            # What was off is heard again where it is asked for.
            score[name] = round(min(1.5, (float(score[name]) or (0.5 if factor > 1 else 0.0)) * factor ** strength), 4)
        if score == before:
            made.clamped.append(said.capitalize())
        else:
            made.told(said, "music")
    return text


def _noted(made: Changed, changed: bool, said: str) -> None:
    if changed:
        made.told(said, "music")
    else:
        made.same = True


def _tempo(made: Changed, score: dict[str, Any], found: re.Match[str], strength: float) -> None:
    now = float(score["tempo_bpm"])
    if found["x"]:
        wanted = now * (2.0 if found["x"] == "double" else 0.5)
    elif by := found["dx"] or found["dx2"] or found["dx3"]:
        # "Ten bpm faster", "faster by 10 bpm"; of a film only its tempo is counted, so "twenty slower" is of it too.
        way = found["dir"] or found["dir2"] or found["dir3"]
        step = float(by) if by.isdigit() else float(NUMBERS[by])
        wanted = now - step if way in ("slower", "less", "down", "minus", "lower", "reduce") else now + step
    else:
        wanted = now * (1.15 if found["up"] or found["up2"] else 1 / 1.15) ** strength
    set_tempo(made, wanted)


def set_tempo(made: Changed, wanted: float) -> None:
    """Our own music at another tempo; cuts hang on its bars and the film's length follows (agent.edits.in_time)."""
    score = made.document["score"]
    tempo = round(min(240.0, max(30.0, wanted)), 2)
    length = made.duration_s * float(score["tempo_bpm"]) / tempo
    _noted(made, tempo != score["tempo_bpm"], f"the music goes at {tempo:g} bpm, so the film lasts {length:.1f} s")
    score["tempo_bpm"] = tempo


def _metre(made: Changed, score: dict[str, Any], found: re.Match[str], strength: float) -> None:
    """Bars keep their length, so cuts and the film's end stay where they are; the beats in them are counted anew."""
    del strength
    beats = int(found["n"]) if found["n"] else _WORDS.get(found["w"] or "", 3)
    before = int(score["beats_per_bar"])
    if beats == before:
        made.same = True
        return
    tempo = float(score["tempo_bpm"]) * beats / before
    while tempo > 200:
        tempo /= 2
    if not 30 <= tempo <= 240 or tempo != float(score["tempo_bpm"]) * beats / before:
        made.missed.append(f"{beats} beats do not fit into bars of this length")
        return
    score |= {"beats_per_bar": beats, "tempo_bpm": tempo}
    made.document["music"] |= {"beats_per_bar": beats, "tempo_bpm": tempo}
    made.told(f"the music has {beats} beats to the bar, at {tempo:.0f} bpm so that bars and cuts stay where they were",
              "music")


def _calmer(made: Changed, score: dict[str, Any], found: re.Match[str], strength: float) -> None:
    factor = (1.3 if found["up"] or found["up2"] else 0.7) ** strength
    before = [section["energy"] for section in score["sections"]]
    for section in (*score["sections"], *made.document["music"]["sections"]):
        section["energy"] = round(min(1.0, max(0.05, section["energy"] * factor)), 3)
    _noted(made, before != [section["energy"] for section in score["sections"]],
           f"the music is {'livelier' if factor > 1 else 'calmer'}")


def _part_back(made: Changed, score: dict[str, Any], found: re.Match[str], strength: float) -> None:
    """A part that was silenced plays again, by whom the genre has."""
    del strength
    from world_model.sim.instruments import BANDS

    part = "drums" if found["part"] in ("drum", "percussion", "beat") else found["part"]
    players = {one: who for one, who in score["instruments"].items() if one != part or who != SILENT}
    if part not in players and not BANDS[score["genre"]][part]:
        made.missed.append(f"There {'are' if part == 'drums' else 'is'} no {part} in this kind of music; say another "
                           "genre, such as lo-fi")
        return
    _noted(made, players != score["instruments"], f"the {part} {'play' if part == 'drums' else 'plays'}")
    score["instruments"] = players


def _players(made: Changed, score: dict[str, Any], found: re.Match[str], strength: float) -> None:
    """A player who is not wanted gives the part to another; a part that is not wanted falls silent."""
    del strength
    from world_model.sim.instruments import BANDS

    name = found["part"] or found["part2"]
    if name in ("drum", "drums", "percussion", "beat", "bass", "melody", "harmony"):
        part = "drums" if name in ("drum", "percussion", "beat") else name
        who = score["instruments"].get(part)
        if who == SILENT or (who is None and not BANDS[score["genre"]][part]):
            made.missed.append(f"There {'are' if part == 'drums' else 'is'} no {part} in this music")
            return
        score["instruments"] = score["instruments"] | {part: SILENT}
        made.told(f"the {part} {'are' if part == 'drums' else 'is'} silent", "music")
        return
    playing = {part: score["instruments"].get(part, "+".join(layer.instrument for layer in layers))
               for part, layers in BANDS[score["genre"]].items()}
    held = [part for part, who in playing.items() if name in who and part in _INSTEAD]
    if not held:
        made.missed.append(f"No {name} plays in this music")
        return
    fresh = {part: next(who for who in _INSTEAD[part] if name not in who) for part in held}
    score["instruments"] = score["instruments"] | fresh
    made.told("; ".join(f"the {part} is played by {who}" for part, who in fresh.items()) + f", not by {name}", "music")


def music_named(made: Changed, wishes: Wishes) -> None:
    """Genre, tempo, players and silence that were named."""
    score: dict[str, Any] | None = made.document["score"]
    asked = wishes.genre or wishes.tempo_bpm or wishes.instruments or wishes.music_off or wishes.sound_off
    if not asked:
        return
    if score is None:
        made.missed.append(OWN_TRACK)
        return
    only_player = wishes.instruments and wishes.genre == "piano" and not _TALKS.search(wishes.goal.lower())
    if wishes.genre and not only_player and wishes.genre != score["genre"]:
        score |= {"genre": wishes.genre, "minor": GENRE_TEMPO[cast(Genre, wishes.genre)][3],
                  "instruments": {}}
        made.told(f"the music is {GENRE_WORDS.get(wishes.genre, wishes.genre)}", "music")
    elif wishes.genre and not only_player:
        made.same = True
    for part, player in wishes.instruments:
        _noted(made, score["instruments"].get(part) != player, f"the {part} is played by {player}")
        score["instruments"] = score["instruments"] | {part: player}
    if wishes.tempo_bpm:
        set_tempo(made, wishes.tempo_bpm)
    if wishes.sound_off or wishes.music_off:
        levels = _ALL if wishes.sound_off else ("music_level",)
        _noted(made, any(score[name] for name in levels), f"the {'sound' if wishes.sound_off else 'music'} is off")
        score |= dict.fromkeys(levels, 0.0)


__all__ = ["INSTRUMENTS", "music_named", "music_said", "set_tempo"]

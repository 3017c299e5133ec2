"""A world in one paragraph: what is seen, in which light, how the camera moves, what is heard."""

from __future__ import annotations

from collections.abc import Mapping

from world_model.data.phrases import canonical
from world_model.streams.layout import Floats
from world_model.streams.music import score_spec
from world_model.streams.naming import Named, names_of_streams

PLURALS = {"fish": "fish", "person": "people", "fox": "foxes", "butterfly": "butterflies", "jellyfish": "jellyfish"}
MOVES = {"static": "stands still", "pan": "pans slowly", "tilt": "tilts", "dolly_in": "pushes in",
         "dolly_out": "pulls back", "truck": "travels sideways", "orbit": "circles round", "crane_up": "cranes up",
         "crane_down": "cranes down", "fly_through": "flies through like a drone",
         "bee_cam": "flies close to the ground like a bee", "follow": "follows", "handheld": "is held by hand",
         "dolly_zoom": "zooms against its own travel", "reveal": "rises to reveal the place",
         "top_down": "looks straight down"}
# Below this a name is a guess, and the treatment says so.
UNSURE = 0.5


def treatment(streams: Mapping[str, Floats]) -> str:
    """The treatment of streams (T, width), one paragraph of plain words."""
    named = names_of_streams(streams)
    sentences = [f"{_capital(_who(named))}{_where(named)}, {_word('light', named)}, {_word('weather', named)}.",
                 f"The look is {_word('look', named)} in {_word('palette', named)}.",
                 f"The camera {MOVES[named['move'][0]]}."]
    spec = score_spec(streams["score"])
    if spec is None:
        sentences.append("There is no music.")
    else:
        sentences.append(f"The music is {canonical('tempo', named['tempo'][0])} {canonical('genre', spec.genre)} at "
                         f"{spec.tempo_bpm:.0f} bpm, in a {canonical('key', named['key'][0])}, "
                         f"{canonical('energy', named['energy'][0])}.")
    return " ".join(sentences)


def _who(named: Named) -> str:
    if "body" not in named:
        return ""
    word, count = canonical("body", named["body"][0]), int(named["body_count"][0])
    if count == 1:
        return f"{'an' if word[0] in 'aeiou' else 'a'} {word} in "
    return f"{count} {PLURALS.get(word, word + 's')} in "


def _where(named: Named) -> str:
    place = canonical("setting", named["setting"][0])
    place = "an underwater world" if place == "underwater" else place
    if "other_setting" in named:
        place = f"{place} and {canonical('setting', named['other_setting'][0])}"
    return place


def _word(aspect: str, named: Named) -> str:
    name, sure = named[aspect]
    return f"{'perhaps ' if sure < UNSURE else ''}{canonical(aspect, name)}"


def _capital(who: str) -> str:
    return who[:1].upper() + who[1:] if who else "A place: "

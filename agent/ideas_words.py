"""An idea in words: a title made of what it changes, and one sentence on why it may work. No two titles of a list are
built alike."""

from __future__ import annotations

from collections.abc import Sequence

from agent.director_words import setting_word
from agent.ideas_pictures import parts_of
from agent.ideas_types import Gene, Move, Scene
from agent.ideas_weigh import Scales, Weighed

# Which of an idea's moves names it: what happens before where it happens, before how it is drawn.
LEADS: tuple[Gene, ...] = ("carried", "scale", "story", "physics", "viewpoint", "light", "world", "rhythm", "style")
# What a viewer sees first of the rest comes first.
SEEN: tuple[Gene, ...] = ("style", "world", "light", "scale", "carried", "viewpoint", "physics", "story", "rhythm")
SHAPES = ("{head}, {tails}", "{Tails}: {head}", "{head}, this time {tails}", "{head}, and all of it {tails}")
LONGEST_TAIL = 34
SAID = {"layout": "light and dark fall in other places than in anything tried",
        "things": "other things fill the frame than in anything tried",
        "colour": "its colours are its own", "light": "it is lit unlike anything tried",
        "line": "it is drawn with another density of line", "view": "it is seen from where nothing was seen before",
        "motion": "it goes by at another pace"}


def titled(ideas: Sequence[Weighed], scene: Scene) -> list[str]:
    """A title for each idea, in order; no two of one shape or with the same first word while there is another way."""
    out: list[str] = []
    shapes: list[str] = []
    for one in ideas:
        ways = _ways(one, scene)
        shape, title = min(ways, key=lambda way: (2 * shapes.count(way[0]) + 3 * sum(
            _first(way[1]) == _first(other) for other in out), ways.index(way)))
        shapes.append(shape)
        out.append(title)
    return out


def _ways(one: Weighed, scene: Scene) -> list[tuple[str, str]]:
    """(shape, title) of every way to say an idea, likeliest first."""
    moves = sorted(one.made.moves, key=lambda move: LEADS.index(move.gene))
    rest = sorted(moves[1:], key=lambda move: SEEN.index(move.gene))
    # Where the world is another one, that is the place a title speaks of.
    key = min(scene.key, len(one.made.direction.shots) - 1)
    where = scene.where if moves[0].gene == "world" else setting_word(one.made.direction.shots[key].world.place)
    heads = moves[0].heads
    if any(move.gene == "world" for move in rest):
        # The end of the title says where; its beginning does not say it too.
        heads = tuple(head for head in heads if "{where}" not in head) or heads
    heads, others = _filled(heads, scene, where), _filled([move.tail for move in rest], scene, where)
    when = {"all": "", "from": "halfway through, "}[one.made.scope]
    heads = [_upper(when + (_lower(head) if when else head)) for head in heads]
    if not others:
        return [("plain" if k == 0 else f"plain {k}", head) for k, head in enumerate(heads)]
    # A title is no list: what it leaves out is in the list of changes.
    tails = " and ".join(others if sum(map(len, others)) < LONGEST_TAIL else others[:1])
    return [(shape, shape.format(head=_lower(head) if shape.startswith("{T") else head, tails=tails,
                                 Tails=_upper(tails))) for shape in SHAPES for head in heads]


def reasons(ideas: Sequence[Weighed], scene: Scene, scales: Scales) -> list[str]:
    """A sentence for each idea, in order: what its main move is good for, and what was measured; another measure each,
    while there is one that stands out."""
    told: list[str] = []
    return [_why(one, scene, scales, told) for one in ideas]


def _why(one: Weighed, scene: Scene, scales: Scales, told: list[str]) -> str:
    move = min(one.made.moves, key=lambda move: LEADS.index(move.gene))
    nearest = min(scales.tried, key=lambda other: sum(parts_of(one.look, other).values()))
    parts = parts_of(one.look, nearest)
    # What was said of another idea counts for half.
    most = max(parts, key=lambda name: parts[name] * 0.5 ** told.count(name))
    told.append(most)
    above = one.surprise_bits + scales.usual.typical.mean - scales.usual.bits
    surprise = f"{above:.0f} bits a step less expected than the take" if above >= 1.0 else \
        "no less likely to the world model than the take"
    reason = _filled([move.why], scene)[0]
    return f"{_upper(reason)}; {SAID[most]}, and it is {surprise}."


def _filled(texts: Sequence[str], scene: Scene, where: str = "") -> list[str]:
    many = scene.count > 1
    words = {"who": scene.who, "where": where or scene.where, "s": "" if many else "s", "es": "" if many else "es",
             "be": "are" if many else "is", "a_who": scene.who if many else _article(scene.who)}
    return [text.format(**words) for text in texts]


def _article(word: str) -> str:
    return f"{'an' if word[:1].lower() in 'aeiou' else 'a'} {word}"


def _first(title: str) -> str:
    return title.split()[0].lower().strip(",:")


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def gene_names(moves: Sequence[Move]) -> tuple[str, ...]:
    return tuple(f"{move.gene}: {move.name}" for move in moves)

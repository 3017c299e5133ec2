"""A line made plain before it is read: courtesies taken off, slips of the keyboard mended, clauses told apart."""

from __future__ import annotations

import re
from functools import lru_cache

from agent import lexicon
from agent.interpret_text import normalise
from agent.languages import in_english
from agent.lexicon.tables import word_set
from agent.lexicon.words import NUMBERS, STOP
from world_model.text import packaged

# What a creator puts in front of a wish, or behind it, that wishes nothing.
_AHEAD = re.compile(
    r"^(?:no,+ |(?:look|listen)[,!:] +|(?:never ?mind|stop)[,.!:;]+ +|"
    r"(?:wait|oops|forget (?:it|that)|scrap (?:it|that)|no wait|nah?|nope|ok(?:ay)?|yes|"
    r"yeah|well|h+m+|uhm?|oh|ah|so|now|then|and|but|please|pls|maybe|perhaps|actually|"
    r"instead,|let'?s|great|nice|cool|good|rather|just(?! the\b)|also|hey|sorry|still|even|not bad|thanks|nope|alright|"
    r"right|"
    r"you know what|oh no|wow|ooh|mm+|er|um|ehm?|i mean|honestly|basically|ideally)\b[,.!:]? +|"
    r"i (?:really |quite )?(?:like|love) (?:what you did(?: there)?|it|this|that),? but |"
    r"(?:can|could|would|will) (?:you|we|i|it)(?: please)? (?:be |have )?|"
    r"(?:i think |i guess |i feel )?(?:that )?(?:it|this) (?:would|could|might|should) be (?:a (?:bit|little) )?"
    r"(?:much )?(?:nicer?|better|cool(?:er)?|great|good|best|lovely|even better) (?:if|to|when|with) |"
    r"i(?:(?:'d| would) (?:really |also |rather )?(?:like|love|prefer)| (?:really |also )?(?:want|wanna|need|"
    r"wish))(?: to (?:have|see|get|"
    r"make)| for| that| if)? |"
    r"wanna (?:have|see) |i think |(?:how|what) about |why (?:not|don'?t (?:you|we)) |(?:we|you) (?:should|could|"
    r"need to) |"
    r"(?:could|would|can) you be so (?:kind|nice|good)(?: as to| and| to)? |be so (?:kind|nice|good)(?: as to|"
    r" and| to)? |"
    r"do me a favou?r and |i was thinking(?: that)? (?:maybe )?|go ahead and |try to |try (?!again))")
_BEHIND = re.compile(r",? (?:please|pls|plz|thanks?(?: you)?|if (?:possible|you can)|for me|will you|would you|"
                     r"ok(?:ay)?|"
                     r"than (?:before|now|at the (?:beginning|start)|it (?:is|was)(?: now)?)|(?:right )?now|then)$")
_FINE = re.compile(r"^(?:i (?:really |still |do )?(?:like|love) (?P<a>the .+?)|"
                   r"(?:the )?(?P<what>[\w -]+?) (?:is|are|looks?|"
                   r"feels?) (?:already |really |very |so )?(?:nice|fine|good|great|perfect|lovely|ok|okay|beautiful|"
                   r"right|cool))(?: (?:now|already|like that|as (?:it|they) (?:is|are)))?$")
_KEPT = re.compile(r"^(?:(?:and |but )?(?:i'?d like to |to |please )?(?:keep|leave)(?:ing)? )"
                   r"(?P<what>(?:everything|all|the rest|it all)\b.*?|.+?)(?: (?:exactly |just )?(?:as|like) (?:it|"
                   r"they) "
                   r"(?:is|are|was|were)(?: now)?| alone| the same| unchanged)?$")
_STAYS = re.compile(r"^(?P<what>.+?) (?:should |must |can |shall )?(?:stays?|remains?)(?: (?:the same|as (?:it|"
                    r"they) (?:is|are)|"
                    r"unchanged|like that))?$")
_FIGURES = "|".join(word for word, n in NUMBERS.items() if word.isalpha() and 1 <= n <= 20)
_SHOT_WORDS = re.compile(rf"\b(?:shots?|scenes?|clips?) (?:{_FIGURES}|\d+)(?:(?:, | and | to |-)(?:{_FIGURES}|\d+))*\b"
                         r"(?! (?:more|time|seconds?|by|after))")
_ORDINAL = "first|second|third|fourth|fifth|sixth|last|final|middle"
_SHARED_SHOT = re.compile(rf"\b((?:in|for|from|of|on|during|to) the) ((?:{_ORDINAL})(?:, (?:the "
                          rf")?(?:{_ORDINAL}))*,? and "
                          rf"(?:in )?(?:the )?(?:{_ORDINAL}))(?: ones?)?(?=$|,|\.| (?:please|only|too))")
# A clause that only says why, or how one feels about it: it wishes nothing.
_WHY = re.compile(r"(?:as if|as though|because|cause|cos|since|so that|you know|i mean|they(?:'re|"
                  r" are)? distract(?:s|ing)?|"
                  r"(?:it|that)(?:'s| is)? (?:too )?distract(?:s|ing)?|this is for|it's for|if you know what i mean|"
                  r"like (?:in )?an? (?:bedtime|old|half)|i (?:like|love) (?:it|this)$|thanks|i'm not sure|"
                  r"not sure)\b.*")
# Where one wish ends and the next begins.
_BREAKS = re.compile(r"\s*(?:[;.](?=\s|$)|,? but |,? and (?:also |then )?|, (?:then |also )?|,)\s*")
# Words an "and" belongs to: the two halves are one wish.
_WHOLE = re.compile(r"\b(?:everywhere|anywhere|all shots) but (?:in )?the \w+(?: \w+)?\b|^first .+? then .+|"
                    r"\b(?P<degree>[a-z]+er|more|less) and (?P=degree)\b|\bblack and white\b|\bdrum and bass\b|"
                    r"\bbetween [^,;]+? and \w+|"
                    r"\bshots? \w+(?:, \w+)* and \w+|"
                    rf"\b(?:{_ORDINAL})(?:, (?:the )?(?:{_ORDINAL}))*,? and (?:the )?(?:{_ORDINAL})\b|"
                    r"\b(?:start|begin|open)\w* .+ and (?:end|finish|close|let|then|later|gradually|gets?|becomes?|"
                    r"grows?|turns?)|\bswap .+ and |\bthe first and (?:the )?last|"
                    r"\bhalf and half|"
                    r"\b(?:combine|mix|merge|blend|cross) .+|\bteal and orange")
_SLANG = {"wanna": "want to", "gonna": "going to", "sum": "some", "pls": "please", "plz": "please", "u": "you",
          "thx": "thanks", "cuz": "because", "gotta": "have to", "lil": "little", "da": "the", "w/": "with",
          "teh": "the"}
_OWN = word_set(
    "lighten darken brighten deepen soften tighten widen desaturate saturate zoom fireflies "
    "brighter darker lighter calmer wilder faster slower closer nearer wider warmer cooler colder weirder "
    "stranger longer shorter bigger smaller larger louder quieter softer cloudier foggier rainier windier "
    "snowier sharper higher lower steadier shakier undo redo revert again back previous surprise ideas "
    "different versions shot shots scene cut cuts camera colours colors music tempo duration seconds "
    "minutes remove delete replace swap combine merge duplicate insert instead without everything keep "
    "change make slow fast speed middle last first second third fourth weather light place look makes "
    "making more less much down same other another take takes dissolve fade ending beginning halfway "
    "horizon lens bright dark shorten lengthen trim double twice half opposite start with this that what "
    "like them they have want will then than from into over under ")


def plain(text: str) -> str:
    """Lower case, one space between words, in English, without courtesies and slips of the keyboard."""
    line = " ".join(normalise(in_english(text).text).lower().replace("’", "'").split()).strip(" .!")
    return polite_off(plainer(spelt(line)))


def plainer(line: str) -> str:
    """Number words after "shot" as figures, a label in front as a place, a shared noun said twice."""
    line = _SHOT_WORDS.sub(lambda found: re.sub(
        rf"\b(?:{_FIGURES})\b", lambda word: str(int(NUMBERS[word[0]])), found[0]), line)
    line = _SHARED_SHOT.sub(lambda found: f"{found[1]} " + re.sub(r",? and (?:in )?(?:the )?", " and ", re.sub(
        r", the ", ", ", found[2])) + " shot", line)
    if re.search(rf"\b(?:{_ORDINAL}) shot\b", line):
        # "Second shot slower, third faster": the third shot.
        line = re.sub(rf"(?P<sep>, |,? and )(?:the )?(?P<nth>{_ORDINAL})(?: one)? (?=(?:much |a bit )?(?:[a-z]+er|"
                      rf"more|less|"
                      r"twice|half)\b)", r"\g<sep>\g<nth> shot ", line)
    line = re.sub(r"^(?:and )?(?:what|how) about (?P<who>the [\w -]+?)\? (?:can|could|should|might|would|maybe) "
                  r"(?:it|he|she|"
                  r"they|that|those) (?:be )?(?P<how>.+?)\??$", r"make \g<who> be \g<how>", line)
    line = re.sub(r"^(?:in |for |on )?(?P<where>(?:shots? \d[\d, and]*|(?:the )?[a-z0-9]+ (?:shot|chorus|verse|"
                  r"drop))) ?"
                  r"(?::| -|,) ", r"in \g<where>, ", line)
    line = re.sub(r"\bwhen (?:it|the (?:beat|bass|music)) drops?\b", "in the drop", line)
    line = re.sub(r"\b(?:when|once|as soon as) the (?P<nth>[a-z0-9]+ )?(?P<name>chorus|verse|drop|bridge|break|"
                  r"outro|intro|"
                  r"build) (?:kicks in|comes in|starts|begins|hits|comes|arrives|sets in)\b",
                  lambda found: f"in the {found['nth'] or ''}{found['name']}", line)
    line = re.sub(r"^(?P<a>(?:make )?(?:the )?(?:music|song|tune|score|beat|light|colou?rs|camera|fog|rain|snow|waves)"
                  r"(?: (?:should be|be|is))?) (?P<b>(?:a bit |much )?(?:\w+er|(?:more|less) \w+)),? and "
                  r"(?P<c>(?:a bit |much )?(?:\w+er|(?:more|less) \w+))$", r"\g<a> \g<b>, \g<a> \g<c>", line)
    return line


def polite_off(line: str) -> str:
    """A line without what only surrounds its wish; never emptied."""
    line = re.sub(r"^(?:how|what) about (?=(?:an? |some |two |three |more )?[a-z]+s?\??$)(?!\w+ing\b|\w+er\b)", "add ",
                  line)
    while True:
        shorter = line
        if (found := _AHEAD.match(line)) and line[found.end():].strip(" ,.!?"):
            shorter = line[found.end():]
        if (found := _BEHIND.search(shorter)) and shorter[:found.start()].strip(" ,"):
            shorter = shorter[:found.start()]
        shorter = shorter.strip(" ,.!")
        if shorter == line:
            return line
        line = shorter


def clauses(line: str) -> list[str]:
    """The wishes of a line, in order. What is denied once ("without fog and clouds") is denied on."""
    held: list[str] = []

    def hold(found: re.Match[str]) -> str:
        held.append(found[0])
        return f"\x00{len(held) - 1}\x00"

    parts = [re.sub(r"\x00(\d+)\x00", lambda m: held[int(m[1])], part).strip(" ,.;")
             for part in _BREAKS.split(_WHOLE.sub(hold, line))]
    if len(parts) > 1:
        parts = [part for part in parts if not _WHY.fullmatch(part)] or parts
    out: list[str] = []
    denied = ""
    for part in (polite_off(part) for part in parts if part.strip(" ,.;")):
        found = re.match(r"(no|not|without|remove|delete|lose|get rid of|take out|drop)\b", part)
        bare = re.match(r"(?:the |a |an |any )?[\w-]+(?: [\w-]+)?$", part) and not re.search(
            r"\b(?:shots?|scenes?|chorus|verse|drop|bridge|intro|outro|one|ones)$|\b\d+$", part)
        if found:
            denied = found[1]
        elif denied in ("without", "remove", "delete", "lose", "get rid of", "take out") and bare and \
                not re.search(r"er\b|\b(?:more|less|no|with|it)\b", part):
            part = f"{denied} {part}"
        else:
            denied = ""
        out.append(part)
    return out


def without(text: str, found: re.Match[str]) -> str:
    """A text with a match taken out, one space between its words."""
    return " ".join(f"{text[:found.start()]} {text[found.end():]}".split())


def kept(clause: str) -> str | None:
    """What a clause asks to keep ("everything", "the camera"); None where it asks for something else."""
    found = _KEPT.match(clause) or _STAYS.match(clause)
    if fine := None if found else _FINE.match(clause):
        return fine["a"] or fine["what"]
    return found["what"] if found else None


def spelt(line: str) -> str:
    """Words that nobody knows, put right where exactly one known word is nearest."""
    return re.sub(r"[a-z']+/?", lambda found: _word(found[0]), line)


@lru_cache(maxsize=4096)
def _word(word: str) -> str:
    if word in _SLANG:
        return _SLANG[word]
    known = _known()
    if len(word) < 3 or word in known or word in STOP or "'" in word or lexicon.stem(word) in lexicon.index():
        return word
    embedder = packaged()
    try:
        if len(word) > 3 and ((embedder is not None and embedder.knows(word)) or any(
                one in known or lexicon.stem(one) in lexicon.index() or (embedder is not None and embedder.knows(one))
                for one in _roots(word))):
            return word
    except (OSError, ImportError):
        return word
    most = 1 if len(word) < 6 else 2
    near = sorted((distance(word, other, most), abs(len(word) - len(other)), rank, other)
                  for other, rank in known.items()
                  if abs(len(other) - len(word)) <= most and (other[0] == word[0] or other[1:2] == word[:1])
                  and (len(word) > 3 or rank == 0))
    near = [one for one in near if one[0] <= most]
    if not near:
        return word
    # Of equally near words one of this conversation's own is meant; two of a kind are a guess, and not made.
    best = [one for one in near if one[0] == near[0][0]]
    own = [one for one in best if one[2] == 0]
    if own:
        best = sorted(own, key=lambda one: (one[3][0] != word[0], one[1]))[:1]
    return best[0][3] if len(best) == 1 else word


def _roots(word: str) -> list[str]:
    """What a word may be a form of: "dreamier" of "dreamy", "bluer" of "blue", "drags" of "drag"."""
    found = re.match(r"(?P<base>[a-z]{3,}?)(?P<end>ier|iest|er|est|ies|es|s|ed|ing)$", word)
    if found is None:
        return []
    base = found["base"]
    if found["end"].startswith("i") and found["end"] != "ing":
        return [f"{base}y"]
    doubled = re.search(r"[aeiou]([bdgmnprt])\1$", base) is not None
    return [base, f"{base}e", *([base[:-1]] if doubled else [])]


@lru_cache(maxsize=1)
def _known() -> dict[str, int]:
    """Every word a slip may have meant: 0 for the words of editing, 1 for those of the dictionary."""
    found = {first: 1 for first, entries in lexicon.index().items()
             if len(first) >= 4 and first.isascii() and first.isalpha() and any(len(e.stems) == 1 for e in entries)}
    return found | dict.fromkeys(_OWN, 0)


def distance(a: str, b: str, most: int) -> int:
    """Letters lost, added, changed or swapped with their neighbour between two words (optimal string alignment);
    most + 1 where it is more than `most`."""
    before, last = list(range(len(b) + 1)), [0] * (len(b) + 1)
    for i, x in enumerate(a, start=1):
        now = [i, *([0] * len(b))]
        for j, y in enumerate(b, start=1):
            now[j] = min(before[j] + 1, now[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                now[j] = min(now[j], last[j - 2] + 1)
        if min(now) > most:
            return most + 1
        before, last = now, before
    return min(before[-1], most + 1)

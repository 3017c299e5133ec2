"""Whether a sentence tells something that happens: somebody or something, and what it does."""

from __future__ import annotations

import re

from agent.lexicon.tables import word_set

# What is done in stories; as it stands after "they".
_DO = word_set(
    "appear approach arrive ask awake await become begin bend bleed blink bloom blow board bow break breathe bring "
    "build burn burst call carry catch chase circle cling climb close collapse collect come count crawl creep cross "
    "cry curl dance dart deliver descend die dig disappear discover dissolve dive draw dream drift drink drive drop "
    "drown eat emerge end enter escape explode explore face fade fall feed fight fill find finish flee float flow fly "
    "fold follow forget gallop gather give gleam glide glow go grow guide hang happen hatch hear hide hit hold "
    "hop hover hunt hurry invite jump keep kneel knock know land laugh lead leap learn leave let lie lift light "
    "linger listen live lose love march meet melt move nod notice open orbit paint part pass pause "
    "perch pick play pour pull pursue push race raise reach remember return ride ring rise roam roar roll rotate run "
    "rush sail say scatter scream search see set shake shine shiver shoot sing sink sit sleep slide slip smile snap "
    "soar speak spin splash spread sprint stand stare start stay steal step stop stumble surface swallow sway swim "
    "swing take talk tell throw tire touch travel tremble trot tumble turn unfold vanish visit wait "
    "wake walk wander watch weep whisper win wither wonder work write yawn land cover surround shelter rest sneak "
    "stretch surge sweep tower drip flicker flutter crack crumble crash shatter swirl twist weave wash plunge peer "
    "glance gaze greet hug kiss lean leap look offer plant pluck retreat settle slow spot startle stalk stroll "
    "struggle")
_DONE = word_set(
    "awoke became began bent bled blew broke brought built burnt came caught crept dived dug drew drank drove ate fell "
    "felt fed fought found fled flew forgot gave went grew hung heard hid held kept knelt knew led leapt left "
    "lay lit lost met ran rang rose said saw sang sank sat shook shone shot slept slid spoke spun stood stole "
    "swam swung took taught told threw woke wept won wrote was were had")
_BE = r"(?:is|are|was|were|has|have|had|'s|’s|will|can|must|does|do|would|could)"
# Words in which a verb's letters are a thing: "autumn leaves", "the lights", "night falls" is an event all the same.
_THINGS = word_set("leaves lights plants works plays falls drops draws turns steps stops shots rests rings rides parts "
                   "sets watches waves lands faces looks ends starts opens cracks lies passes washes surfaces towers "
                   "dreams streams calls catches dances dives flies races rolls runs slides spins walks visits bows "
                   "bends breaks blooms circles crosses climbs jumps leaps hops splashes swings swirls twists")
_ONE = re.compile(r"\b(?:an?|one|each|every|another|this|that|he|she|it|somebody|someone|nobody|everything|nothing)\b")
_MANY = re.compile(r"\b(?:they|we|i|you)\b|\b[a-z]{2,}[^s\W]s\b|"
                   r"\b(?:people|children|men|women|sheep|fish|deer|geese|mice)\b|"
                   r"\b[a-z]+ and (?:an? |the |his |her )?[a-z]+\b")
_NOUN_AHEAD = re.compile(r"\b(?:an?|the|of|at|in|on|with|for|his|her|its|their|no|some|this|that|by|from)$")
# Of these there is one: what stands behind them is what they do.
_ALONE = re.compile(r"^(?:the )?(?:night|day|dawn|dusk|darkness|evening|morning|rain|snow|fog|mist|silence|winter|"
                    r"sun|moon|tide|wind|sky|earth|light|smoke|music|time)$")
_OPENING = re.compile(r"^(?:(?:then|finally|suddenly|at last|next|after that|now|and|but|so|meanwhile|later|soon|one "
                      r"(?:day|night|morning|evening)|(?:at|in|by|on|before|after|during|under|over|above|behind|"
                      r"below|near|outside|inside|from|across|beyond|beside) [^,;]*?,)\b[, ]*)+", re.I)
_COMMAND = re.compile(r"^(?:please|let|let's|show|make|use|add|give|put|start|end|begin|finish|open|close|cut|keep|no|"
                      r"with|without|follow|fly|go|move|turn|set|play|draw|paint|in the style)\b", re.I)


def tells(sentence: str) -> bool:
    """Whether a sentence has somebody or something and says what it does ("a fox watches it", "night falls"), and is
    neither a fragment ("sad piano") nor a command ("follow a bee"). English, by its words alone."""
    low = " ".join(sentence.lower().split())
    low = _OPENING.sub("", low) or low
    if _COMMAND.match(low):
        return False
    words = re.findall(r"[a-z][a-z'’-]*", low)
    for at, word in enumerate(words[1:9], start=1):
        before = " ".join(words[:at])
        if re.fullmatch(_BE, word) or word in _DONE:
            return True
        if _stem(word, "ed") and re.search(r"\b(?:he|she|it|they|we|i)$", before):
            return True
        if word in _DO and not _NOUN_AHEAD.search(before) and _MANY.search(before):
            return True
        if _stem(word, "s") and word not in _THINGS and not before.endswith(("'s", "’s")):
            return True
        # "A boat leaves": one of something has no "leaves" beside it, "autumn leaves" has.
        if _stem(word, "s") and _ONE.search(before) and _goes_on(words, at):
            return True
        if _stem(word, "s") and at <= 3 and (_ALONE.search(before) or _object(words, at)):
            return True
        if _stem(word, "ed") and _goes_on(words, at) and at + 1 < len(words):
            return True
    return False


def _goes_on(words: list[str], at: int) -> bool:
    """Whether after a word there is nothing, an object or a place: what follows a verb and hardly a plural."""
    return at + 1 == len(words) or re.fullmatch(
        r"an?|the|his|her|its|their|him|it|them|two|three|in|into|on|onto|over|through|to|from|down|up|out|by|at|past|"
        r"across|along|away|back|home|under|towards?|above|and|slowly|alone|together|around|round|between|among|off",
        words[at + 1]) is not None


def _object(words: list[str], at: int) -> bool:
    """Whether an object stands right after a word."""
    return at + 1 < len(words) and re.fullmatch(r"an?|the|his|her|its|their|him|it|them", words[at + 1]) is not None


def _stem(word: str, ending: str) -> bool:
    """Whether a word is something done with an ending: "watches", "carries", "followed"."""
    if not word.endswith(ending) or word.endswith("ss"):
        return False
    roots = {word[:-1], word[:-2]} if ending == "s" else {word[:-1], word[:-2], word[:-3]}
    roots |= {f"{word[:-3]}y"} if word.endswith(("ies", "ied")) else set()
    return bool(roots & _DO)


__all__ = ["tells"]

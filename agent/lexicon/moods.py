"""Moods: their words, a few sentences that stand for each, and what they suggest (never louder than what was said).

suggests: (axis, value, confidence). energy is [0, 1].
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mood:
    words: str
    anchors: tuple[str, ...]
    energy: float
    suggests: tuple[tuple[str, str, float], ...]


MOODS: dict[str, Mood] = {
    "calm": Mood(
        "calm, calming, peaceful, peace, serene, serenity, tranquil, tranquility, relaxing, relaxed, soothing, "
        "quiet, quietly, restful, still and quiet, gentle mood, zen mood, meditative, meditation, mindful, lull, "
        "soft mood, cozy calm, ruhig, ruhe, friedlich, calme, paisible, tranquilo, tranquila, tranquille, paz, "
        "calma, sereno mood, harmonious, placid, chilled, balmy, stillness",
        (
            "a feeling of peace and quiet",
            "resting, breathing slowly, nothing to do",
            "a slow sunday afternoon",
            "meditation and stillness",
        ),
        0.2,
        (("genre", "ambient", 0.4), ("pacing", "slow", 0.45), ("light", "golden", 0.25), ("weather", "clear", 0.25)),
    ),
    "happy": Mood(
        "happy, happiness, joyful, joy, joyous, cheerful, cheery, fun, funny, merry, sunny mood, upbeat mood, "
        "delightful, feel good, uplifting, celebratory, celebration, party, festive, birthday, glad, exuberant, "
        "jolly, lighthearted, light hearted, frohlich, glucklich, heiter, joyeux, joyeuse, gai, heureux, heureuse, "
        "alegre, feliz, alegria, allegro mood, felice, fiesta, good vibes, laughter, carefree",
        (
            "a feeling of joy and happiness",
            "a birthday party with laughter",
            "everything is wonderful today",
            "children playing in the sun",
        ),
        0.7,
        (
            ("palette", "candy", 0.35),
            ("light", "noon", 0.3),
            ("weather", "clear", 0.35),
            ("genre", "folk", 0.35),
            ("tempo_bpm", "116", 0.3),
        ),
    ),
    "sad": Mood(
        "sad, sadness, sorrow, sorrowful, mournful, grief, grieving, heartbroken, heartbreak, heartbreaking, tragic,"
        " tragedy, mourning, tearful, depressing, depressed, depression, gloomy mood, gloom, despair, hopeless, "
        "traurig, trauer, triste, tristesse, tristeza, weeping, sombre, somber, farewell, goodbye, loss, funeral, "
        "blue mood, forlorn, wistful sadness",
        (
            "a feeling of sadness and loss",
            "saying goodbye forever",
            "grief after someone has died",
            "crying alone in the rain",
        ),
        0.2,
        (
            ("genre", "piano", 0.45),
            ("weather", "rain", 0.25),
            ("light", "dusk", 0.3),
            ("palette", "winter", 0.3),
            ("tempo_bpm", "66", 0.35),
            ("pacing", "slow", 0.4),
        ),
    ),
    "melancholy": Mood(
        "melancholy, melancholic, wistful, bittersweet, longing, yearning, nostalgia, nostalgic, saudade, sehnsucht,"
        " memory, memories, remembering, remembrance, melancholisch, melancolie, melancolia, melancolico, autumnal "
        "mood, childhood, childhood memories, the past, lost love, old times, homesick, reverie, souvenir, "
        "souvenirs, recuerdo, recuerdos, erinnerung, erinnerungen, faded memory, pensive, rueful, elegiac, looking "
        "back, long ago, growing old, growing up",
        (
            "nostalgia for a childhood that is gone",
            "an old photograph of a place I loved",
            "bittersweet memories of the past",
            "my grandmother's memory",
        ),
        0.25,
        (
            ("light", "golden", 0.35),
            ("palette", "autumn", 0.35),
            ("genre", "piano", 0.4),
            ("tempo_bpm", "72", 0.3),
            ("pacing", "slow", 0.4),
        ),
    ),
    "lonely": Mood(
        "lonely, loneliness, lonesome, solitude, solitary, alone, isolation, isolated, emptiness, desolate, "
        "desolation, abandoned, deserted, lost, forsaken, einsam, einsamkeit, allein, seul, solitaire, solitude "
        "mood, soledad, solo mood, solitario, lone, adrift mood, nobody around, far from home, exile, empty=0.55",
        (
            "the feeling of being alone",
            "an empty street at four in the morning",
            "no one is left",
            "far from home with nobody to call",
        ),
        0.2,
        (
            ("light", "dusk", 0.35),
            ("weather", "fog", 0.3),
            ("genre", "ambient", 0.35),
            ("palette", "winter", 0.25),
            ("scale", "wide", 0.4),
            ("pacing", "slow", 0.4),
        ),
    ),
    "hopeful": Mood(
        "hopeful, hope, optimistic, optimism, new beginning, new beginnings, fresh start, promise, inspiring, "
        "inspirational, inspired, encouraging, rebirth, renewal, hoffnung, hoffnungsvoll, espoir, esperanza, "
        "speranza, bright future, better tomorrow, healing, awakening, resilience, light at the end, courage, relief",
        (
            "a feeling of hope",
            "a new beginning after a long winter",
            "light at the end of the tunnel",
            "tomorrow will be better",
        ),
        0.5,
        (
            ("light", "dawn", 0.45),
            ("weather", "clear", 0.35),
            ("genre", "orchestral", 0.3),
            ("camera", "crane_up", 0.25),
            ("palette", "natural", 0.2),
        ),
    ),
    "romantic": Mood(
        "romantic, romance, love, tender, tenderness, in love, passion, passionate, sensual, intimate mood, loving, "
        "affection, valentine, love story, romantisch, liebe, amour, romantique, amor, romantico, romantica, amore, "
        "wedding, honeymoon, crush, first kiss, love letter, sweetheart, embrace, sweet nothing",
        ("a love story", "falling in love", "a tender romantic evening for two", "a love letter"),
        0.35,
        (("light", "sunset", 0.4), ("palette", "pastel", 0.3), ("genre", "piano", 0.35), ("pacing", "slow", 0.3)),
    ),
    "epic": Mood(
        "epic, heroic, majestic, grandiose, triumphant, triumph, glorious, glory, legendary, mighty, powerful, "
        "breathtaking, awe, awe inspiring, awesome, monumental mood, victorious, victory, grandeur, spectacular, "
        "episch, heroisch, majestatisch, epique, heroique, majestueux, epico, epica, heroico, majestuoso, larger "
        "than life, magnificent, adventure, adventurous, quest, battle, war, conquest, saga",
        (
            "an epic heroic adventure",
            "the triumph of a great army",
            "a majestic view that takes your breath away",
            "the final battle",
        ),
        0.8,
        (
            ("genre", "orchestral", 0.5),
            ("light", "golden", 0.3),
            ("scale", "wide", 0.35),
            ("camera", "crane_up", 0.25),
            ("weather", "clouds", 0.2),
        ),
    ),
    "dramatic": Mood(
        "dramatic, drama, intense, intensity, fierce, raging, wild, violent, turbulent, tumultuous, stormy mood, "
        "dramatisch, dramatique, dramatico, rage, anger, angry, furious, fury, wut, colere, ira, conflict, chaos, "
        "chaotic, explosive, aggressive, rebellion, revolution, struggle, brutal, ferocious, savage",
        ("intense drama and conflict", "rage and fury", "everything is falling apart in chaos", "a violent struggle"),
        0.8,
        (
            ("weather", "storm", 0.35),
            ("light", "sunset", 0.25),
            ("genre", "orchestral", 0.35),
            ("palette", "teal_orange", 0.25),
        ),
    ),
    "eerie": Mood(
        "eerie, spooky, creepy, scary, frightening, terrifying, haunted, haunting, sinister, horror, uncanny, "
        "unsettling, ghostly, disturbing, menacing, ominous mood, macabre, nightmare, nightmarish, fear, afraid, "
        "fearful, dread mood, unheimlich, gruselig, angst, effrayant, inquietant, peur, miedo, terrorifico, "
        "aterrador, siniestro, cursed, occult, paranoid, paranoia, anxious, anxiety, uneasy, unease, possessed, "
        "liminal, liminal space, backrooms, gothic, ominous",
        (
            "a creepy haunted place",
            "something is watching me in the dark",
            "a nightmare I cannot wake from",
            "fear and dread",
        ),
        0.4,
        (
            ("genre", "suspense", 0.6),
            ("light", "night", 0.4),
            ("weather", "fog", 0.45),
            ("palette", "mono", 0.2),
            ("camera", "dolly_in", 0.2),
        ),
    ),
    "dark": Mood(
        "dark, darker, gloomy, bleak, grim, gritty, moody, brooding, shadowy, shadows, sombre mood, dystopian mood, "
        "dunkel, duster, sombre light, oscuro, oscura, obscur, tenebroso, heavy mood, black mood, oppressive, "
        "industrial mood, noirish, dusky mood, low key lighting, low key, underexposed, evil, hell mood, cynical, "
        "death",
        (
            "a bleak and dark world",
            "grim shadows, no light",
            "oppressive darkness and despair",
            "the end of everything",
        ),
        0.4,
        (("light", "dusk", 0.4), ("weather", "overcast", 0.35), ("genre", "suspense", 0.35)),
    ),
    "mysterious": Mood(
        "mysterious, mystery, mystical, mystic, enigmatic, secret, secrets, hidden, cryptic, arcane mood, unknown, "
        "geheimnisvoll, mysterios, mysterieux, misterioso, misteriosa, ancient, forgotten, esoteric, riddle, puzzle,"
        " sacred, ritual, ancient gods, spiritual, shamanic, legend, myth, mythical, mythic",
        ("a mysterious secret hidden in the mist", "an ancient riddle", "something unknown waits", "a mystic ritual"),
        0.35,
        (("weather", "fog", 0.4), ("light", "moonlight", 0.35), ("genre", "ambient", 0.3)),
    ),
    "dreamy": Mood(
        "dreamy, dream, dreams, dreaming, dreamlike, dream like, hypnotic, trance like, floating mood, ethereal "
        "mood, sleep, sleepy, lucid dream, traum, traumhaft, vertraumt, reve, reves, onirique, sueno, suenos, "
        "onirico, sogno, soft focus, surreal dream, daydream, daydreams, hallucination, reverie mood, imagination, "
        "drowsy, bedtime",
        ("a soft floating dream", "half asleep, drifting", "a hazy daydream", "imagination without limits"),
        0.25,
        (
            ("light", "dusk", 0.25),
            ("weather", "fog", 0.25),
            ("palette", "pastel", 0.35),
            ("genre", "ambient", 0.4),
            ("weird", "0.35", 0.4),
            ("pacing", "slow", 0.35),
        ),
    ),
    "wonder": Mood(
        "wonder, wondrous, magical, magic, enchanting, enchanted mood, whimsical wonder, miraculous, miracle, "
        "fantastical, fantasy, spellbinding, marvellous, marvelous, magisch, zauberhaft, zauber, marchenhaft, "
        "magique, feerique, magico, magica, encantado, maravilla, discovery, curiosity, curious, awe and wonder, "
        "fairy, mesmerizing, mesmerising, beautiful=0.4, beauty=0.4, gorgeous=0.4, stunning=0.4, sublime, infinity, "
        "eternity, transcendent",
        (
            "a sense of wonder and magic",
            "discovering an enchanted place for the first time",
            "a child seeing the stars for the first time",
            "a miracle",
        ),
        0.45,
        (("light", "golden", 0.25), ("genre", "orchestral", 0.3), ("palette", "jewel", 0.2)),
    ),
    "whimsical": Mood(
        "whimsical, quirky, playful mood, silly, goofy, cute, adorable, charming, childlike, childish, naive, kooky,"
        " eccentric, comical, comedy, humorous, witty, absurd humour, mischievous, cheeky, verspielt, niedlich, "
        "suss, lustig, mignon, drole, rigolo, divertido, divertida, gracioso, tierno, kid friendly, for kids, for "
        "children, toddler",
        ("a quirky playful little story", "cute and silly", "a funny cartoon for small children", "mischief"),
        0.55,
        (("palette", "candy", 0.35), ("genre", "waltz", 0.3), ("look", "flat", 0.2), ("weather", "clear", 0.2)),
    ),
    "energetic": Mood(
        "energetic, energy, high energy, powerful energy, dynamic, lively, vivid mood, thrilling, exciting, "
        "excitement, adrenaline, pumping, hype, hyped, electrifying, ecstatic, ecstasy, euphoric, euphoria, wild "
        "energy, rush, frenzy, energiegeladen, energisch, energique, dynamique, energico, dinamico, vibrant mood, "
        "full of life, action, workout, sport, speed, race, freedom, free, liberation, freiheit, liberte, libertad, "
        "unstoppable",
        (
            "pure energy and adrenaline",
            "a wild party at full speed",
            "racing, excitement, heart pounding",
            "freedom, running as fast as you can",
        ),
        0.9,
        (("pacing", "fast", 0.5), ("tempo_bpm", "132", 0.4), ("genre", "techno", 0.35)),
    ),
    "tense": Mood(
        "tense, tension, nervous, suspense mood, suspenseful mood, thriller mood, gripping, pressure, urgent, "
        "urgency, desperate, claustrophobic, danger, dangerous, threat, threatening, angespannt, tendu, tendue, "
        "tenso, tensa, waiting for something, countdown, on edge, hunted, escape, being chased, stress, stressful, "
        "worry, thriller, suspense, suspenseful, spy thriller",
        (
            "tension before something terrible happens",
            "being hunted, no way out",
            "a ticking clock and rising pressure",
            "an anxious wait",
        ),
        0.6,
        (("genre", "suspense", 0.6), ("light", "dusk", 0.25), ("camera", "handheld", 0.25)),
    ),
    "cosy": Mood(
        "cosy, cozy, warm mood, warmth, homely, snug, comforting, comfort, hygge, wholesome, home, sweet home, safe,"
        " gemutlich, geborgen, chaleureux, acogedor, calido, hearth, fireside, by the fire, tea time, sunday, lazy "
        "sunday, family evening, grandma s house, friendship, belonging",
        (
            "the feeling of sunday at home",
            "a warm blanket and tea by the fire",
            "safe and warm with people I love",
            "a cosy evening",
        ),
        0.25,
        (("light", "golden", 0.4), ("palette", "autumn", 0.35), ("genre", "lofi", 0.4), ("pacing", "slow", 0.3)),
    ),
    "futuristic": Mood(
        "futuristic, future, sci fi, scifi, science fiction, high tech, hi tech, hightech, technological, "
        "technology, digital, cybernetic, space age, artificial intelligence, zukunft, futuristisch, futuriste, "
        "futurista, virtual, robotic, machine, machines, mechanical, year 3000, tomorrowland",
        (
            "a futuristic high tech world",
            "science fiction machines",
            "artificial intelligence and data",
            "the year 3000",
        ),
        0.55,
        (("palette", "neon", 0.35), ("genre", "synthwave", 0.4), ("light", "night", 0.25)),
    ),
}

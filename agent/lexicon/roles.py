"""Words for references and for the jobs they are given, in English, German, French and Spanish (accents off)."""

from __future__ import annotations

from agent.lexicon.tables import phrases, word_set

# A role, or a word whose role depends on the kind of the reference (see BY_KIND).
ROLE_WORDS: dict[str, str] = {
    "pacing": "when to cut, where to cut, when it cuts, where it cuts, when the cuts come, when the cuts "
              "happen, where the cuts are, where the cuts fall, how often it cuts, how often to cut, how fast "
              "it cuts, how it is cut, how it is edited, how long the shots are, how long shots last, cut it, "
              "cut them, cut everything, edit it, edit everything, pace it, wann geschnitten wird, quand "
              "couper, cuando cortar, "
              "timing, cadence, transitions, shot rhythm, cut points, tempo of the cuts, schnitttempo, pacing, "
              "pace, paced, cuts, cutting, cut, editing, edit, edits, edited, cut rhythm, cutting rhythm, editing "
              "rhythm, rhythm of the cuts, shot lengths, edit rhythm, montage, schnitt, schnitte, schnittrhythmus, "
              "schnittfolge, cortes, montaje, edicion, coupes, decoupage",
    "rhythm": "how fast the music is, when the beats fall, where the beats are, "
              "rhythm, rhythms, beat, beats, groove, rhythmus, takt, rythme, battement, ritmo, compas",
    "palette": "which colours to use, what colours to use, which colours, what colours, what colour things are, "
               "how it is coloured, colour it, color it, grade it, tint it, "
               "colour world, farbwelt, farbstimmung, farbton, colour mood, gama de colores, palette, colour, "
               "colours, color, colors, coloured, colored, colour palette, color palette, colour scheme, color "
               "scheme, colour grading, color grading, colour grade, grading, grade, hues, tints, farbe, farben, "
               "farbpalette, farbgebung, couleur, couleurs, teintes, color palette, colores, paleta",
    "light": "where the light comes from, how it is lit, how the light falls, what time of day it is, light it, "
             "lichtstimmung, contrast, ombres, sombras, light, lights, lighting, lit, time of day, illumination, "
             "shadows, licht, beleuchtung, lumiere, eclairage, luz, iluminacion",
    "camera": "how the camera moves, how it is filmed, how it is shot, where the camera is, where the camera "
              "goes, what the camera does, move the camera, moves the camera, film it, shoot it, wie die kamera "
              "fahrt, "
              "camera, camera work, camerawork, camera move, camera moves, camera movement, camera movements, camera "
              "motion, camera path, camera paths, moves, camera angles, cinematography, filmed, shot, kamera, "
              "kamerafuhrung, kamerabewegung, kamerabewegungen, kamerafahrt, mouvement de camera, mouvements de "
              "camera, camara, movimiento de camara, movimientos de camara",
    "motion": "how everything moves, how they move, how fast things move, what moves, move like, moved like, "
              "move the way, moves the way, moving the way, move as, moves as, animate it, animate like, wie "
              "sich alles bewegt, "
              "dance, dance moves, body movement, how things move, motion, movement, movements, choreography, "
              "gestures, the way it moves, how it moves, moves like, moving like, bewegung, bewegungen, mouvement, "
              "mouvements, movimiento, movimientos",
    "layout": "where things stand, where everything stands, where everything is, where everything goes, where "
              "everything sits, where things go, where things sit, where things belong, where what is, where "
              "what stands, where it all is, what goes where, what stands where, what is where, who stands "
              "where, frame it, compose it, arrange it, lay it out, wo was steht, wo alles steht, ou tout se "
              "trouve, donde esta todo, "
              "horizon, shapes, spatial arrangement, position of things, where things are, bildkomposition, "
              "layout, composition, composed, framing, framed, place everything, everything in its place, arrange "
              "everything, arranged, arrangement, perspective, horizon line, placement, komposition, aufbau, "
              "anordnung, bildaufbau, cadrage, mise en page, composicion, encuadre, disposicion",
    "subject": "subject, character, characters, figure, main character, protagonist, hauptfigur, figur, personnage, "
               "sujet, personaje, sujeto, motiv",
    "content": "what is seen, what is in it, what it shows, "
               "content, contents, story, plot, what happens, inhalt, handlung, contenu, histoire, contenido, "
               "historia",
    "structure": "when things happen, what comes when, what happens when, how it builds, how it unfolds, "
                 "structure, form, sections, arc, build up, order of the scenes, struktur, ablauf, structure, "
                 "estructura",
    "mood": "how it feels, how it should feel, "
            "mood, moods, feeling, feelings, feel, emotion, emotions, atmosphere, vibe, vibes, stimmung, gefuhl, "
            "ambiance, atmosphere, humeur, ambiente, estado de animo, animo, atmosfera",
    "style": "how it looks, how it should look, how it is drawn, how it is painted, the way it looks, draw it, "
             "paint it, draw everything, paint everything, render it, draw, paint, "
             "style, look, aesthetic, aesthetics, visual style, art style, drawing style, lines, line work, "
         "linework, "
             "brushwork, brush strokes, texture, textures, technique, medium, stil, linien, technik, trait, estilo, "
             "trazo",
    "timbre": "timbre, sound, sounds, instruments, instrument, instrumentation, klang, instrumente, sonorite, "
              "instrumentos, timbre, sonido",
    "speech": "speech, narration, voice over, voiceover, what i say, what is said, spoken words",
    "words": "words, text, worte, paroles, palabras",
    "lyrics": "lyrics, liedtext, letra",
    "tempo": "tempo, speed, energy, geschwindigkeit, energie, vitesse, velocidad, energia",
    "all": "everything, all, all of it, the whole thing, alles, tout, todo",
}
# Words that mean one thing in what is seen and another in what is heard: (heard, seen).
BY_KIND = {"tempo": ("rhythm", "pacing"), "words": ("speech", "speech")}
HEARD = frozenset({"audio", "rhythm", "speech"})

# Nouns for a reference, and the kinds they may mean, the likeliest first.
NOUNS: dict[tuple[str, ...], str] = {
    ("film",): "film, films, movie, movies, video, videos, clip, clips, footage, videoclip, filme, videos, pelicula, "
               "peliculas, reel, scene, sequence",
    ("image", "sketch"): "image, images, picture, pictures, photo, photos, photograph, photographs, still, painting, "
                         "screenshot, poster, postcard, illustration, bild, bilder, bildes, foto, fotos, gemalde, "
                         "imagen, imagenes, peinture, pintura, photographie",
    ("sketch", "image"): "sketch, sketches, drawing, drawings, doodle, scribble, storyboard, zeichnung, skizze, "
                         "dessin, croquis, dibujo, boceto",
    ("audio", "rhythm", "speech"): "song, songs, track, tracks, music, tune, melody, audio, soundtrack, lied, "
    "liedes, "
                                   "musik, stuck, chanson, morceau, musique, cancion, musica, pista",
    ("speech", "audio", "rhythm", "film"): "voice, recording, voice memo, voice note, monologue, stimme, aufnahme, "
                                           "voix, enregistrement, voz, grabacion",
    ("rhythm", "audio", "speech"): "tapping, taps, beatbox, beatboxing, clapping, humming, drumming, klopfen",
    ("audio", "rhythm"): "drums, drum, kick, kick drum, snare, bass, bassline, bass line, vocals, singer, "
    "percussion, "
                         "guitar, piano, violin, schlagzeug, trommeln, batterie, bateria",
    ("gesture",): "gesture, gestures, hand, hands, hand movement, swipe, strokes, pen strokes, geste, gesto",
    ("lyrics",): "lyrics file, lyrics, subtitles, subtitle file, srt, lrc, untertitel, sous titres, subtitulos",
    (): "reference, references, ref, refs, file, files, upload, attachment, one, ones, referenz, datei, fichier, "
        "reference, referencia, archivo",
}
PLURAL = word_set(
    "films movies videos clips images pictures photos photographs bilder fotos imagenes sketches drawings "
    "songs tracks references refs files ones filme"
)
ORDINALS: dict[int, str] = {
    0: "first, 1st, erste, ersten, erster, erstes, premier, premiere, primer, primera, primero",
    1: "second, 2nd, zweite, zweiten, zweiter, zweites, deuxieme, seconde, segundo, segunda",
    2: "third, 3rd, dritte, dritten, drittes, troisieme, tercer, tercera, tercero",
    3: "fourth, 4th, vierte, vierten, quatrieme, cuarta, cuarto",
    4: "fifth, 5th, funfte, funften, cinquieme, quinta, quinto",
    -1: "last, letzte, letzten, letztes, derniere, dernier, ultima, ultimo",
    -2: "other, andere, anderen, anderes, autre, otra, otro",
    -3: "both, beide, beiden",
}
NUMBERS = {"one": 0, "two": 1, "three": 2, "four": 3, "five": 4, "six": 5, "eins": 0, "zwei": 1, "drei": 2}
POINTERS = word_set(
    "the this that these those my our your der die das den dem des dieser diese dieses diesem diesen "
    "meiner meine mein meines meinem meinen le la les l ce cette cet ces mon ma mes el los las este esta "
    "ese esa mi mis"
)
QUALIFIERS = word_set(
    "same entire full reference uploaded attached source original given example sample whole"
)

# One letter for each sort of word; agent/interpret_roles.py reads sentences as strings of these letters.
SORTS: dict[str, str] = {
    "N": "not, no, none of, nothing of, without, never, don t, do not, doesn t, except, except for, apart from, "
         "but not, ignore, ignoring, nicht, ohne, kein, keine, ausser, pas, sans, sauf, sin, excepto, pero no, "
         "minus, nothing, neither, forget, mais pas, aber nicht, rather than, instead of",
    "E": "nothing else, nothing more, sonst nichts, rien d autre, nada mas",
    "O": "only, just, nur, bloss, seulement, uniquement, solo, solamente, purely, exclusively, simply",
    "P": "the way, the same way as, just like, exactly like, in the way of, from, of, out of, as in, like, "
         "like in, taken from, borrowed from, copied from, based on, inspired by, "
         "similar to, von, vom, aus, wie, wie in, wie im, wie auf, wie bei, wie beim, de, du, d, del, comme, comme "
         "dans, como, como en, after, in",
    "T": "to, with",
    "V": "ubernimm, ubernehme, reprends, sync, use, look at, watch, refer to, stick to, go with, listen to, take, "
         "uses, taking, using, copy, match, matching, matches, follow, follows, following, borrow, keep, keeping, "
         "apply, get, reuse, steal, imitate, mimic, transfer, want, need, nimm, nehme, verwende, benutze, nutze, "
         "behalte, folge, utilise, utilisez, prends, prenez, garde, suis, usa, utiliza, toma, conserva, sigue, cut "
         "to, cut on, cut when, cuts when, cut whenever, cuts to, cut it to, cut it on, edit it to, edited to, "
         "move, go by, keep to, adopt, lift",
    "Q": "as, als",
    "U": "for, fur, pour, para, as a guide for, as a reference for, as a template for, as a model for, als vorlage "
         "fur, als referenz fur, als vorbild fur, comme reference pour, comme modele pour, como referencia para, "
         "when it comes to, regarding",
    "G": "sets, gives, provides, drives, drive, determines, decides, defines, controls, is, are, guides, leads, "
         "dictates, tells, carries, set, give, provide, decide, determine, define, control, guide, lead, dictate, "
         "tell, "
         "choose, chooses, say, says, rule, rules, govern, governs, entscheidet, decide quand, decide cuando, "
         "bestimmt, gibt, donne, determina, da",
    "X": "come, comes, should come, there, only there, should, must, will, to be, should be, can",
    "A": "and, und, et, y, plus, as well as, or, nor, oder, ou, noch, ni",
    "C": "but, aber, sondern, mais, pero, though, jedoch",
    "D": "the, its, their, a, same, own, overall, exact, original, general, his, her, der, die, das, den, dem, des, "
         "dessen, seine, seinen, ihre, le, la, les, l, son, sa, ses, el, los, las, su, sus, un, une, una, eine, "
         "einen, lo, any, much of, gleichen, gleiche, selben, dieselbe, meme, memes, mismo, misma",
    "I": "this one, that one, this, it, that, them, es, ihn, dies, das hier, ca, cela, esto, lo",
    "B": "again, anew, once more, over again, from scratch, noch einmal, nochmal, neu, encore, de nuevo, otra vez",
    "Y": "turn, transform, convert, change, verwandle, transforme, transforma, convierte",
    "Z": "into, in einen, in eine, in ein, en un, en une, en una",
    "K": "make, do, film, shoot, mach, mache, fais, refais, haz, hacer",
    "M": "recreate, recreating, remake, redo, reshoot, reproduce, rebuild, reimagine, re create, re make, my own "
         "version of, my version of, your own version of, your version of, our own version of, a new version of, "
         "another version of, an own version of, a remake of, a recreation of, new version of, own version of, "
         "version of, bilde nach, meine eigene version von, recrea, recrear, recreer, refaire, recree, ma propre "
         "version de, mi propia version de",
    "g": "with, in, using, by, at, on, please, also, then, i, we, me, im, mit, in, bitte, avec, dans, con, en, "
         "por favor, s il te plait, having, und dann, itself, love",
    "L": "let, have, lass, laisse, deja",
    "J": "hit, hits, strike, strikes, land, lands, come in, comes in, kick in, kicks in, exactly, please, too, "
         "bitte, moves, does, has, shot by shot, frame by frame, only, itself, goes",
}


def table() -> dict[tuple[str, ...], list[tuple[str, str]]]:
    """Words of a phrase to what it may be: (letter, role) with role "" except for R; roles first."""
    out: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for role, text in ROLE_WORDS.items():
        for phrase in phrases(text):
            out.setdefault(tuple(phrase.split()), []).append(("R", role))
    for letter, text in SORTS.items():
        for phrase in phrases(text):
            out.setdefault(tuple(phrase.split()), []).append((letter, ""))
    return out

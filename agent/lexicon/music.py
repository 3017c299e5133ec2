"""Words for music and sound."""

from __future__ import annotations

GENRES: dict[str, str] = {
    "ambient": "ambient, ambient music, drone music, drones music, soundscape, soundscapes, atmospheric music, "
               "atmospheric pads, meditation music, meditative music, brian eno, eno, pads, soft pads, warm pads, "
               "ethereal music, new age, sleep music, spa music, healing music, relaxing music, calm music, "
               "sphärische musik, musique ambiante, musica ambiental, floating music, harold budd, stars of the lid,"
               " deep drones, low drones, slow drones, texture music, aphex twin ambient, boards of canada, dreamy "
               "music, dream pop=0.5, shoegaze=0.4, background music=0.4, ethereal=0.6",
    "folk": "folk, folk music, acoustic, acoustic guitar, acoustic music, banjo, fiddle, mandolin, country music, "
            "bluegrass, celtic, celtic music, irish music, americana, singer songwriter, indie folk, campfire songs,"
            " ukulele, harmonica, bagpipes, medieval music, lute, volksmusik, musique folk, musica folk, sea shanty,"
            " shanty, shanties, sitar=0.4, flamenco=0.6, spanish guitar=0.7, nick drake, bon iver, fleet foxes, "
            "kalimba=0.5, african drums=0.4, country song, tin whistle, penny whistle, guitar, gitarre, guitare, "
            "guitarra, latin=0.4, reggae=0.4, bossa nova=0.3",
    "piano": "piano, piano music, solo piano, sad piano, soft piano, felt piano, slow piano, gentle piano, piano "
             "solo, piano ballad, piano piece, einaudi, satie, erik satie, gymnopedie, debussy, chopin, nils frahm, "
             "ludovico einaudi, ballad=0.5, klavier, klaviermusik, pianoforte, piano score, nocturne, neoclassical, "
             "minimal piano, lullaby=0.7, moonlight sonata, sonata, yann tiersen, music box=0.7, ryuichi sakamoto, "
             "philip glass=0.5, chamber piano, classical piano, celesta=0.5",
    "suspense": "suspense music, tension music, tense music, scary music, horror music, creepy music, thriller "
                "music, dark ambient, ominous music, dark drones, dissonant, eerie music, spannung, spannende musik,"
                " musique angoissante, musica de suspense, musica de terror, jaws music, stingers, spooky music, "
                "haunting music, noir score, detective music, sinister music, unsettling music, cliffhanger, "
                "foreboding music, trailer braams, suspense=0.85, ominous=0.6, suspenseful=0.7, dread=0.5, "
                "thriller=0.6, spy thriller=0.6",
    "orchestral": "orchestral, orchestra, symphonic, symphony, epic orchestral, epic music, film score, movie score,"
                  " cinematic music, cinematic score, classical, classical music, strings, string section, string "
                  "quartet, violin, violins, cello, cellos, hans zimmer, john williams, zimmer, choir, choral, "
                  "brass, horns, timpani, harp, orchester, orchestermusik, klassik, klassische musik, musique "
                  "classique, orchestre, musica clasica, orquesta, musica classica, heroic music, fanfare, overture,"
                  " opera, requiem, soaring strings, sweeping strings, big score, epic score, trailer music, "
                  "vivaldi, beethoven, mozart, bach, wagner, tchaikovsky, joe hisaishi, hisaishi, epic soundtrack, "
                  "cinematic soundtrack, flute=0.5, flutes=0.5, baroque music, howard shore, oboe, clarinet=0.5, "
                  "metal music=0.3",
    "techno": "techno, techno music, house music, deep house, electronic, electronic music, edm, rave, rave music, "
              "trance, trance music, club music, dance music, electro, electro house, four on the floor, minimal "
              "techno, acid techno, berlin techno, big beat, disco music, disco, dj set, electronica, progressive "
              "house, elektronische musik, musique electronique, musica electronica, techno beat, techno beats, "
              "industrial techno, hardstyle, dubstep=0.5, hard techno, festival music, eurodance, daft punk=0.7, "
              "idm, kraftwerk=0.6, psytrance, goa, electropop=0.5, pop music=0.4, pop song=0.4, upbeat pop=0.4, "
              "dance beat, dance track, bass drop, glitch hop=0.5",
    "synthwave": "synthwave music, synth wave, retrowave music, 80s music, eighties music, 80s synth, 80s synths, "
                 "analog synth, analog synths, synth music, synths, synthesizer, synthesizers, synthesiser, synth, "
                 "vangelis, john carpenter, carpenter synths, darksynth, outrun music, vaporwave music, retro synth,"
                 " kavinsky music, stranger things music, stranger things theme, moog, arpeggios=0.5, synthpop, "
                 "synth pop, new wave, perturbator, tangerine dream=0.7, 80s soundtrack, retro electronic, retro "
                 "synths, synthesizer music, 80s pop, synth bass, arpeggiated synths",
    "lofi": "lofi, lo fi, lo fi beats, lofi beats, lo fi hip hop, lofi hip hop, chillhop, chill beats, chill music, "
            "chilled beats, study beats, hip hop, hiphop, rap, boom bap, trip hop, downtempo, mellow beats, laid "
            "back beats, lofi girl, nujabes, j dilla, chillout, chill out, chill, lofi music, lo fi music, vinyl "
            "crackle, r b, rnb, neo soul, soul music, trap=0.5, trap beat=0.5, beats to study to, slow beat, dusty "
            "beats, rhodes, jazzy beats, chillwave, beats=0.4, funk=0.4, rap beat, massive attack, portishead, "
            "smooth beats",
    "jazz": "jazz, jazzy, jazz music, jazz trio, jazz piano, swing, swing music, bebop, saxophone, sax, smooth jazz,"
            " big band, smoky jazz, trumpet=0.6, muted trumpet, double bass, upright bass, walking bass, brushes, "
            "bossa nova, bossa, !blues=0.6, ragtime, dixieland, miles davis, coltrane, bill evans, chet baker, "
            "jazzmusik, musique jazz, gypsy jazz, django, cool jazz, lounge, lounge music, noir jazz, late night "
            "jazz, jazz club music, duke ellington, dave brubeck, swinging, vibraphone=0.6, elevator music, "
            "charleston",
    "chiptune": "chiptune, chiptunes, chip tune, 8 bit music, 8bit music, 8 bit sound, video game music, videogame "
                "music, game music, nes music, gameboy music, arcade music, retro game music, bleeps, bleeps and "
                "bloops, 16 bit music, nintendo music, mario music, tetris music, bitpop, sid chip, chip music, "
                "zelda music, retro game soundtrack, 8 bit soundtrack, 8 bit tune, 8 bit melody, beeps, musique 8 "
                "bits, musica de videojuegos, pixel music, blippy music",
    "waltz": "waltz, waltz music, viennese waltz, walzer, valse, vals, valzer, three four time, 3 4 time, three "
             "quarter time, strauss, johann strauss, blue danube, ballroom music, carousel music, merry go round "
             "music, musette, accordion waltz, in three, amelie soundtrack, amelie music, waltzing music, "
             "shostakovich waltz, 6 8 time, fairground organ, music box waltz, circus music=0.6, minuet, barrel "
             "organ, parisian accordion, accordion=0.6",
    "drum_and_bass": "drum and bass, drum n bass, drum bass, dnb, d n b, drumnbass, jungle music, jungle beats, "
                     "liquid dnb, breakbeat, breakbeats, breakcore, neurofunk, amen break, goldie, roni size, "
                     "pendulum band, ltj bukem, rollers, fast breakbeats, uk garage=0.6, garage music=0.5, liquid "
                     "drum and bass, jump up, rock music=0.4, rock song=0.4, punk=0.4, hard rock=0.4, aggressive "
                     "beats, frantic drums, racing drums, fast drums, high energy drums, rapid breakbeats, big "
                     "drums=0.3",
}

# (part of the score, instrument) for the words that name an instrument.
INSTRUMENTS: dict[str, str] = {
    "piano": "piano, felt piano, klavier, grand piano, upright piano",
    "rhodes": "rhodes, electric piano, wurlitzer",
    "music_box": "music box, spieluhr, boite a musique",
    "guitar": "guitar, acoustic guitar, gitarre, guitare, guitarra, ukulele, banjo, spanish guitar, mandolin, lute",
    "electric_guitar": "electric guitar, distorted guitar, guitar solo, e gitarre",
    "violin": "violin, violins, fiddle, viola, geige, violon",
    "cello": "cello, cellos, violoncello",
    "strings": "strings, string section, string quartet, streicher, cordes, cuerdas",
    "harp": "harp, harfe, harpe",
    "flute": "flute, flutes, pan flute, flote, flauta, tin whistle, penny whistle, recorder",
    "clarinet": "clarinet, oboe, klarinette",
    "saxophone": "saxophone, sax, saxophon",
    "trumpet": "trumpet, trumpets, muted trumpet, trompete, trompette",
    "brass": "brass, horns, french horn, trombone, blaser",
    "choir": "choir, choral, chorus of voices, chant, chanting, chor, choeur, humming",
    "organ": "organ, church organ, orgel, orgue, barrel organ",
    "synth": "synth, synths, synthesizer, synthesizers, synthesiser, analog synth, analog synths, moog, arpeggios",
    "pad": "pads, soft pads, warm pads",
    "drums": "drums, drum, drum kit, percussion, beat, beats, trommeln, schlagzeug, tambores, batterie, taiko, big "
             "drums",
    "bass": "bass guitar, double bass, upright bass, walking bass, deep bass, heavy bass, sub bass, bassline, bass "
            "line",
    "marimba": "marimba, xylophone, kalimba, glockenspiel, vibraphone, celesta, steel drum",
    "bells": "bells, chimes, church bells, wind chimes, glocken, cloches, campanas",
    "accordion": "akkordeon, musette, parisian accordion, accordion",
    "sitar": "sitar, koto, shamisen, guzheng, erhu",
}

TEMPO_WORDS: dict[float, str] = {
    60.0: "very slow music, largo, very slow tempo, extremely slow music, glacial music",
    72.0: "slow music, slow tempo, adagio, slow song, slow piano, slow beat, slow waltz, lullaby, slow ballad, sad "
          "piano, langsame musik, musique lente, musica lenta",
    92.0: "medium tempo, mid tempo, midtempo, andante, moderate tempo, moderato, relaxed tempo",
    126.0: "upbeat, up tempo, uptempo, fast tempo, allegro, upbeat music, lively music, upbeat song, fast music, "
           "energetic music, happy music, schnelle musik, musique rapide, musica rapida, driving beat, danceable",
    150.0: "very fast music, presto, very fast tempo, frantic music, breakneck tempo, hyper music, speedcore",
}

SOUNDS: dict[str, str] = {
    "waves": "sound of waves, sound of the waves, sound of the sea, sound of the ocean, ocean sounds, wave sounds, "
             "sea sounds, waves lapping, lapping waves, meeresrauschen, sound of the surf",
    "wind": "sound of wind, sound of the wind, wind sounds, howling wind, whistling wind, rustling leaves, rustling,"
            " whispering wind, wind howling",
    "rain": "sound of rain, sound of the rain, rain sounds, patter of rain, pitter patter, rain sound, pattering "
            "rain, regengerausche",
    "thunder": "thunder, sound of thunder, rumbling thunder, thunder rumbles, distant thunder, thunderclap, donner",
    "fire": "crackling fire, fire crackling, sound of fire, campfire sounds, crackle of fire",
    "birds": "birdsong, bird song, birds singing, bird sounds, birds chirping, chirping birds, tweeting, "
             "vogelgesang, chant des oiseaux, canto de pajaros, dawn chorus, seagull cries",
    "insects": "crickets, cricket sounds, chirping crickets, cicadas, buzzing of bees, insect sounds, humming bees, "
               "buzzing insects, grillen",
    "engine": "engine sound, engine noise, roaring engine, motor sound, engine roar, revving, sound of engines",
    "footsteps": "footsteps, sound of footsteps, foot steps, schritte",
    "city": "city sounds, city noise, traffic noise, street noise, traffic sounds, sirens, car horns",
    "water": "running water, babbling brook, sound of water, gurgling, dripping water, trickling, splashing",
    "forest": "forest sounds, nature sounds, sounds of nature, jungle sounds, naturgerausche, ambience of the forest",
    "underwater": "underwater sounds, whale song, whale songs, whalesong, sonar",
    "heartbeat": "heartbeat, heart beat, pulse sound",
}

# What switches music or all sound off.
MUSIC_OFF = (
    "no music, without music, without any music, no soundtrack, no score, only ambient sound, only ambience, only "
    "natural sounds, just ambience, just natural sound, only sound effects, keine musik, ohne musik, sans musique, "
    "sin musica, senza musica, music free, only nature sounds, ambient sound only, no background music, music off"
)
SOUND_OFF = (
    "no sound, without sound, without any sound, no audio, muted, mute, silent film, silent movie, silent video, "
    "silent clip, silently, complete silence, total silence, stumm, ohne ton, sans son, sin sonido, soundless, no "
    "sounds, audio off, in silence, totally silent, completely silent, make it silent, keep it silent"
)

# Vocal, spoken and written things that are not made.
NOT_MADE: dict[str, str] = {
    "singing or a human voice": "vocals, singing, singer, lyrics, voice over, voiceover, narration, narrator, "
                                "dialogue, dialog, talking, speech, speaking, spoken word, lip sync, whispers, "
                                "female vocal, male vocal, voice",
    "written text": "text, caption, captions, subtitle, subtitles, logo, lettering, typography, title card, credits,"
                    " watermark, handwriting, written words",
    "faces and expressions": "face, faces, smile, smiling, crying, tears, eyes, kissing, kiss, laughing, frowning",
}

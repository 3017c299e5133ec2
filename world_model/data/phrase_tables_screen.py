"""What creators type for looks, palettes, the camera and the music: the tables behind phrases.py.

Phrases separated by commas, the plainest first; every sixth (of fewer than six the last) is held out of training.
Looks, moves, scales, genres and palettes are noun phrases; changes are clauses; the rest are adjectives.
"""

from __future__ import annotations

PALETTES: dict[str, str] = {
    "natural": "natural colours, natural colors, earthy colours, earth tones, lush greens, true-to-life colours",
    "autumn": "autumn colours, fall colors, autumn leaves, golden autumn tones, red and orange foliage, rusty harvest "
              "hues",
    "pastel": "pastel colours, soft pastels, pastel colors, pale colours, soft pink and mint, powdery delicate tints",
    "mars": "mars colours, rust red, red dust colours, red planet colors, martian red and brown, ochre and iron red",
    "winter": "winter colours, icy blue and white, cold colours, cool tones, frosty colors, a chilly blue palette",
    "neon": "neon colours, neon lights, neon pink and cyan, glowing neon, neon colors, electric magenta and blue, "
            "cyberpunk colours",
    "teal_orange": "teal and orange, orange and teal, blockbuster colours, teal and orange grade, orange and blue, "
                   "a turquoise and amber grade",
    "mono": "monochrome, black and white, greyscale, grayscale, shades of grey, no colour at all, b&w",
    "sand": "sandy colours, beige and sand, sand tones, warm beige, desert colors, creamy khaki tints",
    "jewel": "jewel tones, deep jewel colours, rich emerald and purple, sapphire and gold, gem colors, "
             "saturated precious-stone hues",
    "candy": "candy colours, candy colors, bubblegum pink, sweet bright colours, candy-coloured, sugary lollipop hues, "
             "rainbow colours",
    "ember": "ember colours, black and glowing orange, fire colours, dark with embers, charcoal and flame, "
             "smouldering coal hues",
}

LOOKS: dict[str, str] = {
    "photoreal": "photorealistic, realistic, like a real film, cinematic, a documentary look, lifelike live-action "
                 "footage, photoreal, real footage, film look, 35mm film, like a photograph, true to life",
    "flat": "flat design, flat 2d animation, vector art, flat colours, paper cutout, minimal motion graphics, cut "
            "paper, minimalist illustration, 2d vector style, simple shapes",
    "cel": "anime, cel shaded, cartoon, anime style, cartoon style, a hand-inked toon, hand drawn animation, cel "
           "animation, animated cartoon, japanese animation, 2d anime look, toon-shaded drawing",
    "watercolour": "watercolour, watercolor, watercolour painting, watercolor painting, soft watercolour washes, "
                   "an aquarelle, painted in watercolour, a storybook illustration, watercolor style, painterly washes",
    "pencil": "pencil sketch, pencil drawing, hand drawn, a sketch, charcoal drawing, a graphite line drawing, "
              "black pencil, hand drawn in pencil, sketchbook drawing, line art, cross hatching, scribbled on paper",
    "pixel": "pixel art, 8-bit, 16-bit pixel art, retro video game, pixelated, a chunky low-res sprite world, "
             "8 bit game, old video game style, pixel game, pixels",
    "synthwave": "synthwave look, retro neon grid, neon outlines, 80s neon, glowing neon lines, a laser-lit wireframe, "
                 "neon night drive, outrun style, retrowave, 80s neon grid",
    "noir": "film noir, black and white film, noir, old black and white movie, high contrast black and white, "
            "a shadowy detective film, noir style, 1940s film, hard shadows, grainy black and white",
    "clay": "claymation, stop motion, clay animation, plasticine, stop-motion clay, a handmade modelling-clay diorama, "
            "clay figures, made of clay, miniature set, playdough",
    "vhs": "VHS, VHS tape, old VHS, camcorder footage, 90s home video, a worn videocassette, found footage, retro "
           "video, analog video, CRT television, glitchy tape, degraded analogue recording",
    "riso": "risograph, riso print, screen print, halftone print, risograph poster, a two-tone silkscreen, "
            "comic book print, pop art, vintage poster, printed zine",
    "ink": "ink wash, ink painting, brush ink, sumi-e, chinese ink painting, an east-asian brush scroll, "
           "ink on paper, japanese ink, calligraphy brush, black ink drawing",
    "gouache": "gouache, gouache painting, oil painting, thick paint, poster paint, opaque brushy pigments, acrylic "
               "painting, bold brush strokes, painted in gouache, tempera",
    "coloured_pencil": "coloured pencil, colored pencils, crayon drawing, coloured pencil drawing, a child's drawing, "
                       "a waxy crayon picture, crayons, kids drawing, colored pencil, felt tip drawing",
}

MOVES: dict[str, str] = {
    "static": "static camera, static shot, fixed camera, locked off shot, camera on a tripod, a motionless frame, "
              "no camera movement, still camera, the camera does not move",
    "pan": "slow pan, pan, camera pans, panning shot, pan across the scene, the camera turns sideways, pan left to "
           "right, camera pans slowly, panorama pan",
    "tilt": "tilt up, camera tilts, tilt down, tilting camera, slow tilt, the lens swings upward, tilt shot, "
            "camera looks up",
    "dolly_in": "push in, slow push in, dolly in, zoom in, camera moves closer, a creeping forward approach, slow "
                "zoom in, moving closer, track in",
    "dolly_out": "pull back, pull out, dolly out, zoom out, camera moves away, a slow backward retreat, slow pull "
                 "back, zooming out, backing away",
    "truck": "tracking shot, truck right, side tracking, camera slides sideways, lateral tracking, a sideways glide, "
             "slider shot, trucking shot, side-scrolling camera",
    "orbit": "orbit, orbit shot, camera circles around, 360 around, orbiting camera, revolving round the subject, "
             "arc shot, circling around it, camera orbits",
    "crane_up": "crane up, camera rises, rising shot, boom up, crane shot upward, the viewpoint lifts skyward, jib up, "
                "rising camera, up and away",
    "crane_down": "crane down, camera descends, descending shot, boom down, camera sinks, the viewpoint lowers, "
                  "jib down, coming down from the sky, camera lowers",
    "fly_through": "drone shot, fly through, flying camera, drone flight, aerial shot, an airborne swoop over "
                   "everything, flyover, fpv drone, flying through, drone footage, aerial view, helicopter flight",
    "bee_cam": "bee cam, bee's eye view, seen by a bee, insect view, like a bee, an insect's zigzag perspective, "
               "bee pov, from the back of a bee, through the grass like an insect",
    "follow": "follow shot, camera follows, following from behind, chase cam, follow cam, trailing right behind it, "
              "following shot, third person camera, the camera follows along",
    "handheld": "handheld, handheld camera, shaky cam, hand held, shaky camera, wobbly footage held by hand, "
                "documentary camera, shaky handheld, pov camera",
    "dolly_zoom": "dolly zoom, vertigo effect, vertigo shot, zolly, dolly zoom effect, the background stretches away, "
                  "push-pull zoom, warping zoom",
    "reveal": "reveal shot, slow reveal, reveal, camera reveals it, revealing shot, an unveiling over the ridge, "
              "comes into view, revealed from behind",
    "top_down": "top down, from above, top-down shot, overhead shot, bird's eye view, looking straight downward, "
                "overhead view, seen from above, god's eye view, top view",
}

SCALES: dict[str, str] = {
    "wide": "wide shot, wide angle, extreme wide shot, establishing shot, long shot, a vast distant view, wide view",
    "full": "full shot, full body, whole figure, full length, full body shot, head-to-toe framing",
    "medium": "medium shot, mid shot, medium view, waist up, medium framing, a halfway-near view",
    "close": "close-up, close up, close shot, tight shot, face shot, an intimate near view, up close, portrait",
    "detail": "macro, extreme close-up, detail shot, macro close-up, tiny details, a magnified detail view, macro shot",
}

GENRES: dict[str, str] = {
    "ambient": "ambient music, ambient, soft pads, soundscape, drone music, airy meditative textures, calm synth pads, "
               "atmospheric music, ambient drones, dreamy pads, relaxing music, weightless background sounds",
    "folk": "folk music, acoustic guitar, folk guitar, acoustic folk, banjo and fiddle, a strummed campfire tune, "
            "folk, guitar music, indie folk, country music, ukulele",
    "piano": "piano, solo piano, soft piano, piano music, felt piano, a lone grand piano, gentle piano, piano solo, "
             "minimal piano, piano ballad, sparse keyboard notes",
    "suspense": "suspense music, tense music, horror music, scary music, thriller music, an ominous nervous score, "
                "dark drones, creepy music, dark tension, eerie music",
    "orchestral": "orchestral music, orchestra, strings, epic orchestral, film score, a sweeping symphonic score, "
                  "orchestral score, string orchestra, symphony, epic music, violins and horns, cinematic strings",
    "techno": "techno, techno music, techno beat, electronic dance music, club music, a pounding four-on-the-floor "
              "beat, minimal techno, house music, EDM, rave music",
    "synthwave": "synthwave music, 80s synths, retro synths, synthwave beat, retro synth music, eighties analogue "
                 "arpeggios, outrun music, synth music, 80s electronic music",
    "lofi": "lo-fi beats, lofi, lofi hip hop, hip hop beats, chill beats, a mellow dusty boom-bap loop, lo-fi hip hop, "
            "chillhop, study beats, lo-fi",
    "jazz": "jazz, jazz music, smooth jazz, jazz trio, swing, a smoky saxophone combo, jazz band, cool jazz, "
            "upright bass and brushes, bebop",
    "chiptune": "chiptune, 8-bit music, video game music, chiptunes, game boy style music, bleepy console melodies, "
                "retro game music, 8 bit chiptune, arcade music",
    "waltz": "waltz, a waltz in three, waltz music, a ballroom waltz, music in 3/4, a whirling one-two-three dance, "
             "viennese waltz, carousel music",
    "drum_and_bass": "drum and bass, drum & bass, dnb, drum'n'bass, jungle beats, rattling chopped-up drums, "
                     "liquid drum and bass, breakbeat",
}

TEMPOS: dict[str, str] = {
    "very_slow": "very slow, extremely slow, really slow, glacial", "slow": "slow, relaxed, laid-back, unhurried",
    "moderate": "mid-tempo, medium tempo, steady, moderately paced", "fast": "fast, upbeat, quick, brisk",
    "very_fast": "very fast, frantic, really fast, breakneck",
}
KEYS: dict[str, str] = {
    "minor": "minor key, in a minor key, sad chords, minor, melancholic harmony, wistful sombre chords",
    "major": "major key, in a major key, happy chords, major, cheerful harmony, bright sunny chords",
}
ENERGIES: dict[str, str] = {
    "low": "calm, quiet, peaceful, gentle, serene, hushed, relaxing, soft",
    "medium": "lively, flowing, moderate energy, steady energy, medium energy, moderately animated",
    "high": "energetic, intense, powerful, wild, high energy, full of drive, exciting, explosive",
}
DENSITIES: dict[str, str] = {
    "sparse": "sparse, empty, almost nothing there, bare, minimal, deserted and thin",
    "dense": "dense, crowded, full of things, lush, packed, teeming with growth",
}
RELIEFS: dict[str, str] = {
    "flat": "flat land, flat ground, level ground, smooth terrain, low land, table-flat terrain",
    "rugged": "rugged terrain, hilly, steep, jagged terrain, rough ground, towering craggy relief",
}
CHANGES: dict[str, str] = {
    "rain_starts": "it starts to rain, then rain begins, rain starts falling, the rain sets in, "
                   "halfway through it begins to rain, drops begin to fall",
    "night_falls": "night falls, it gets dark, day turns into night, then night comes, the light fades to night, "
                   "darkness slowly takes over",
    "fog_lifts": "the fog lifts, the mist clears, then the fog clears, fog slowly disappears, the haze goes away, "
                 "the murk thins out",
    "storm_breaks": "a storm breaks, a storm comes up, then a thunderstorm starts, the storm hits, it turns stormy, "
                    "a tempest suddenly erupts",
    "snow_starts": "it starts to snow, snow begins to fall, then it snows, snow starts falling, "
                   "halfway through it begins to snow, the first flakes come down",
    "sun_rises": "the sun rises, the sun comes up, night turns into day, then the sun rises, it gets light, "
                 "daylight slowly arrives",
    "music_builds": "the music builds up, the music gets louder, a slow crescendo, building to a climax, "
                    "the music grows, the score swells steadily",
    "music_drops": "then the beat drops, the music drops, a big drop, at the drop everything explodes, drop at the "
                   "end, the bass suddenly slams in",
}

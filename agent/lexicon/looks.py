"""Words for styles, palettes and colours, and what references to films, games and artists stand for."""

from __future__ import annotations

STYLES: dict[str, str] = {
    "photoreal": "photoreal, photorealistic, realistic, photo realistic, realism, photograph, photographic, photo, "
                 "lifelike, live action, documentary, nature documentary, planet earth style, cinematic, film look, "
                 "35mm, 70mm, imax, hyperreal, hyperrealistic, true to life, real life, natural look, national "
                 "geographic, bbc earth, fotorealistisch, realistisch, photorealiste, realiste, fotorrealista, "
                 "realista, unreal engine, raytraced, ray traced, like a real film, real footage, 3d render=0.7, "
                 "kodak, arri",
    "flat": "flat, flat design, flat colours, flat colors, flat style, flat 2d, 2d, 2d animation, vector, vector "
            "art, vector style, motion graphics, minimalist illustration, minimal, minimalist, paper cutout, paper "
            "cutouts, cutout, cut out, cut paper, papercut, paper craft, papercraft, infographic, poster style, "
            "kurzgesagt, graphic design, monument valley game, flache farben, charley harper, matisse, saul bass, "
            "geometric style, bauhaus, collage=0.6, material design, simple shapes, silhouettes, silhouette style, "
            "shadow play, lotte reiniger, south park, felt board, wes anderson=0.4",
    "cel": "cel, cel shaded, cel shading, cel animation, anime, anime style, manga=0.7, cartoon, cartoons, cartoon "
           "style, toon, toon shaded, animated, animation=0.6, ghibli, ghibli like, ghibli style, studio ghibli, "
           "miyazaki, makoto shinkai, shinkai, your name, disney, disney style, pixar=0.6, comic=0.7, saturday "
           "morning cartoon, spirited away, totoro, akira, evangelion, zelda, breath of the wild, wind waker, "
           "moebius, moebius style, spider verse, looney tunes, tintin, herge, ligne claire, adventure time, "
           "zeichentrick, dessin anime, dibujos animados, cartone animato, avatar the last airbender, borderlands, "
           "cell shaded, japanimation, hand drawn animation, hand drawn=0.6, princess mononoke, cowboy bebop, steven"
           " universe, samurai jack, genshin, arcane=0.6, kids cartoon",
    "watercolour": "watercolour, watercolor, watercolours, watercolors, aquarelle, aquarell, acuarela, acquerello, "
                   "painted, painterly, painting, storybook, story book, picture book, children s book, childrens "
                   "book, fairy tale illustration, illustration=0.5, illustrated=0.5, beatrix potter, impressionist,"
                   " impressionism, impressionistic, monet, turner, brush strokes, brushstrokes, soft washes, washes"
                   " of colour, pastel painting, fairytale book, water colour, water color, winnie the pooh, eric "
                   "carle=0.6, like a painting, peinture, gemalt, pintura, renoir, degas, constable painting, "
                   "princess kaguya, quentin blake, wet paint, bleeding colours",
    "pencil": "pencil, pencil drawing, pencil sketch, sketch, sketched, sketchy, drawing, drawn, line drawing, line "
              "art, hand drawn sketch, charcoal, graphite, crosshatch, cross hatched, crosshatching, cross hatching,"
              " hatching, etching, engraving, doodle, doodles, ballpoint, biro, pen drawing, take on me, a ha video,"
              " leonardo sketch, bleistift, bleistiftzeichnung, zeichnung, skizze, croquis, lapiz, dibujo, matita, "
              "gustave dore, escher=0.6, storyboard sketch, rough sketch, notebook drawing, scribble, scribbled, "
              "blueprint=0.6, chalk=0.6, chalkboard=0.6, albrecht durer, edward gorey",
    "pixel": "pixel, pixel art, pixels, pixelated, pixellated, 8 bit, 8bit, 16 bit, 16bit, retro game, retro gaming,"
             " video game=0.7, videogame=0.7, old video game, game boy, gameboy, nes, snes, super nintendo, "
             "nintendo=0.7, sega, arcade, arcade game, minecraft=0.7, voxel=0.7, lo res, low res, super mario, "
             "mario, stardew valley, terraria, commodore 64, c64, amiga, atari, sprite, sprites, platformer, jeu "
             "video retro, videojuego, pac man, tetris, monkey island, retro pixel, pixelart, pixelkunst, celeste "
             "game, space invaders, dithered, rpg game, mosaic=0.5, lego=0.4",
    "synthwave": "synthwave, synthwave style, retrowave, outrun, vaporwave, vapor wave, vapourwave, tron, tron "
                 "legacy, neon grid, neon lines, neon outlines, laser grid, 80s neon, eighties neon, retrofuture, "
                 "retrofuturistic, retro futuristic, neon style, neon look, neon wireframe, wireframe, glowing "
                 "outlines, glowing lines, glowing grid, kavinsky, miami vice, hotline miami, laser show, "
                 "blacklight, black light, drive movie, cyber grid, neon 80s, holographic, hologram",
    "noir": "noir, film noir, black and white film, black and white movie, black and white photography, hitchcock, "
            "sin city, german expressionism, expressionist=0.7, nosferatu, third man, double indemnity, hard "
            "shadows, high contrast black and white, chiaroscuro, detective film, detective story, hardboiled, "
            "schwarzweissfilm, pelicula negra, roman noir, citizen kane, casablanca, venetian blinds, neo noir, "
            "silent film look, old black and white film, caligari, metropolis fritz lang, fritz lang, murnau, ansel "
            "adams, tarkovsky=0.4, bela tarr, femme fatale, gritty black and white, monochrome film, 1940s film, 40s"
            " film, dark shadows=0.6, fincher=0.5",
    "clay": "clay, claymation, clay animation, stop motion, stopmotion, plasticine, plastilin, playdough, play doh, "
            "wallace and gromit, aardman, laika, coraline, nightmare before christmas, shaun the sheep, puppet "
            "animation, miniature world, miniature set, diorama, model set, tilt shift=0.5, felt=0.7, felt "
            "animation, needle felt, knitted=0.6, wool=0.5, woollen, yarn world, isle of dogs, fantastic mr fox, toy"
            " like, handmade, plasticina, pate a modeler, knete, knetanimation, pingu, gumby, kubo, tim burton stop "
            "motion, soft toys, plush=0.6, marionette, terracotta=0.5, pottery=0.5, porcelain=0.4, wooden toys",
    "vhs": "vhs, vhs tape, video tape, videotape, camcorder, home video, home movie, old tv, crt, crt screen, found "
           "footage, analog horror, analogue horror, analog video, analogue video, 80s tv, 90s tv, 1990s video, 90s "
           "video, grainy video, glitch, glitchy, glitches, tape noise, scan lines, scanlines, tv static, bad "
           "reception, retro tv, betamax, mtv 90s, blair witch, super 8, super8, 8mm, old footage, mini dv, home "
           "footage, retro video, tracking errors, security camera, cctv, surveillance footage, polaroid=0.5, "
           "degraded tape, datamosh, datamoshing, stranger things=0.5, retro camcorder, webcam=0.5",
    "riso": "riso, risograph, riso print, screen print, screenprint, screenprinted, silkscreen, halftone, half tone,"
            " pop art, popart, warhol, lichtenstein, roy lichtenstein, comic book, comic book style, comic strip, "
            "comics, vintage poster, travel poster, lino print, linocut, lino cut, woodcut=0.7, zine, print dots, "
            "ben day dots, newsprint, letterpress, gig poster, siebdruck, serigraphie, serigrafia, retro poster, "
            "offset print, misregistered, printed look, constructivist, soviet poster, propaganda poster, graphic "
            "novel=0.7, bande dessinee, comic look, art deco poster, wpa poster, psychedelic poster, cuban poster, "
            "keith haring, two colour print, stencil, banksy=0.6, batik=0.4",
    "ink": "ink, ink wash, sumi e, sumi, sumie, ink painting, ink drawing=0.7, brush ink, chinese ink, chinese "
           "painting, chinese ink painting, japanese ink, japanese painting, calligraphy, calligraphic, shan shui, "
           "shuimo, ukiyo e, ukiyoe, hokusai, hiroshige, woodblock, woodblock print, japanese woodblock, japanese "
           "print, zen painting, brush painting, scroll painting, ink on paper, ink on rice paper, rice paper, "
           "okami, tusche, tuschezeichnung, tuschmalerei, encre, encre de chine, tinta, tinta china, the great wave "
           "off kanagawa, inky, brush and ink, chinese scroll, hanging scroll, haiku, zen, limbo game, india ink, "
           "edo period",
    "gouache": "gouache, poster paint, tempera, acrylic painting, acrylics, oil painting, oil paint, oils, impasto, "
               "thick paint, van gogh, vincent van gogh, cezanne, gauguin, mary blair, opaque paint, bold brush "
               "strokes, matte painting, fauvist, fauvism, david hockney, hockney, gemalde in ol, peinture a l "
               "huile, oleo, frida kahlo, painted poster, mid century illustration, golden books, palette knife, old"
               " master painting, fresco=0.6, mural=0.6",
    "coloured_pencil": "coloured pencil, coloured pencils, colored pencil, colored pencils, colour pencil, colour "
                       "pencils, crayon, crayons, wax crayon, crayon drawing, child s drawing, childs drawing, "
                       "children s drawing, childrens drawing, kids drawing, kid s drawing, kids drawings, drawn by "
                       "a child, child drawing, oil pastels, chalk pastel, buntstift, buntstifte, wachsmalstifte, "
                       "crayons de couleur, crayon de couleur, lapices de colores, raymond briggs, the snowman film,"
                       " colouring book, school drawing, felt tip, felt tips, marker drawing, naive drawing",
}

PALETTES: dict[str, str] = {
    "natural": "natural colours, natural colors, earthy, earth tones, true colours, real colours, organic colours, "
               "green and brown, lush, lush green, verdant, natural tones, earth colours, realistic colours, leafy "
               "colours",
    "autumn": "autumn colours, autumn colors, autumn leaves, fall colours, fall colors, autumn palette, autumn "
              "tones, golden leaves, red and gold, red leaves, orange leaves, rust colours, rusty colours, harvest "
              "colours, warm browns, herbstfarben, couleurs d automne, colores de otono, burnt orange, autumn, wes "
              "anderson=0.3",
    "pastel": "pastel, pastels, pastel colours, pastel colors, pastel tones, soft colours, soft colors, wes "
              "anderson, grand budapest hotel, pale colours, pale colors, powdery colours, baby blue and pink, "
              "pastellfarben, couleurs pastel, colores pastel, gentle colours, macaron colours, muted pastels, "
              "washed out=0.5, faded=0.4, faded colours=0.5, delicate colours, pale pink, soft pinks",
    "mars": "mars, martian, mars colours, red planet, rust red, rusty red, red dust, dune movie, dune film, "
            "villeneuve=0.6, mad max, fury road, blade runner 2049 orange, ochre, terracotta, martian colours, red "
            "earth, iron red, brick red",
    "winter": "winter colours, winter palette, cold colours, cold colors, cold blue tones, cold tones, cool colours,"
              " cool colors, cool tones, icy blue, icy colours, ice blue, white and blue, blue and white, frozen "
              "colours, frosty colours, kalte farben, couleurs froides, colores frios, arctic colours, cool palette,"
              " cold palette, glacial blue, steel blue, wintry colours",
    "neon": "neon, neon colours, neon colors, neon lights, neon lit, neon signs, neon light, cyberpunk, blade "
            "runner, ghost in the shell, fluorescent, electric colours, electric colors, pink and cyan, magenta and "
            "cyan, purple and pink, pink and purple, hot pink and blue, neonfarben, neonlicht, neons, neones, luces "
            "de neon, glow in the dark, rave colours, vivid neon, cyber, nightclub colours, uv colours, "
            "bioluminescent=0.6, wong kar wai=0.5",
    "teal_orange": "teal and orange, orange and teal, blockbuster colours, hollywood colours, blockbuster look, "
                   "hollywood look, michael bay, blue and orange, orange and blue, teal orange, amber and teal, "
                   "cinematic colours, cinematic grading, cinematic color grading, cinematic colour grading, colour "
                   "graded, color graded, amelie=0.4, copper and teal, film colours",
    "mono": "black and white, monochrome, monochromatic, b w, bw, greyscale, grayscale, grey tones, colourless, "
            "colorless, desaturated, without colour, no colour, no color, without color, schwarzweiss, schwarz "
            "weiss, noir et blanc, blanco y negro, bianco e nero, shades of grey, shades of gray, only grey, silver "
            "tones, all white=0.6, all black=0.5, grey world, black white",
    "sand": "sand colours, sandy colours, sand tones, beige, cream, tan, khaki, warm neutrals, sepia, sepia toned, "
            "desert colours, dusty colours, vintage colours=0.6, bleached, sun bleached, straw, ivory and sand, "
            "sandfarben, couleurs sable, arena tones, parchment, coffee tones, neutral tones, beige tones, faded "
            "warm colours",
    "jewel": "jewel tones, jewel colours, jewel colors, rich colours, rich colors, deep colours, deep colors, "
             "emerald and gold, emerald and purple, royal colours, saturated jewel, baroque colours, baroque, klimt,"
             " gustav klimt, byzantine, opulent, stained glass, ruby and sapphire, purple and gold, velvet colours, "
             "luxurious, ornate, peacock colours, sumptuous, regal, sapphire, amethyst tones",
    "candy": "candy, candy colours, candy colors, candyland, candy coloured, candy colored, bubblegum, sweet "
             "colours, kawaii, rainbow, rainbows, rainbow colours, rainbow colors, colourful, colorful, "
             "multicoloured, multicolored, bright colours, bright colors, vivid colours, vivid colors, vibrant, "
             "vibrant colours, vibrant colors, playful colours, barbie, katamari, lollipop, unicorn colours, cotton "
             "candy, sugary, bunt, bunte, bunte farben, multicolore, coloridos, colorido, pop colours, psychedelic "
             "colours, toy colours, confetti colours, sweets, saturated colours, arc en ciel, arcoiris, regenbogen, "
             "tim burton candy, explosion of colour, explosion of colours, burst of colour, bursts of colour, riot "
             "of colour, explosion of color",
    "ember": "ember, embers glow, ember colours, fire colours, fire colors, fiery colours, fiery, lava colours, "
             "lava, charcoal and orange, black and red, red and black, black and orange, burning colours, "
             "smouldering, glowing coals, molten, dark red, volcanic colours, hellish, infernal palette, mordor, "
             "warm dark colours, black and gold=0.6, candlelit, candlelight, firelit, campfire colours, rembrandt, "
             "caravaggio, warm shadows, glut, braise, brasas",
}

# Whole worlds in a name: (words, traits as (axis, value, confidence)). Honest as the nearest, never a copy.
REFERENCES: tuple[tuple[str, tuple[tuple[str, str, float], ...]], ...] = (
    (
        "blade runner, bladerunner",
        (
            ("setting", "city", 0.8),
            ("weather", "rain", 0.7),
            ("light", "night", 0.75),
            ("genre", "synthwave", 0.6),
            ("look", "photoreal", 0.5),
        ),
    ),
    (
        "cyberpunk, cyber punk, cyberpunk 2077, ghost in the shell, neuromancer",
        (("setting", "city", 0.7), ("light", "night", 0.6), ("genre", "synthwave", 0.5)),
    ),
    (
        "tron, tron legacy",
        (("setting", "city", 0.4), ("palette", "neon", 0.75), ("light", "night", 0.6), ("genre", "synthwave", 0.6)),
    ),
    (
        "ghibli, ghibli like, ghibli style, studio ghibli, miyazaki, totoro, spirited away, princess mononoke",
        (
            ("palette", "natural", 0.55),
            ("weather", "clouds", 0.45),
            ("genre", "orchestral", 0.35),
            ("mood", "wonder", 0.5),
        ),
    ),
    (
        "makoto shinkai, shinkai, your name",
        (("weather", "clouds", 0.5), ("light", "golden", 0.5), ("palette", "candy", 0.4), ("genre", "piano", 0.4)),
    ),
    (
        "wes anderson, grand budapest hotel",
        (("camera", "static", 0.5), ("look", "flat", 0.45), ("mood", "whimsical", 0.5)),
    ),
    (
        "synthwave, synthwave style, retrowave, outrun, vaporwave, vapor wave, vapourwave, miami vice, hotline "
        "miami, kavinsky, neon 80s, 80s neon",
        (("palette", "neon", 0.7), ("light", "sunset", 0.4), ("genre", "synthwave", 0.6)),
    ),
    (
        "8 bit, 8bit, 16 bit, 16bit, pixel art, retro game, arcade game, game boy, gameboy, nes, snes, super mario, "
        "space invaders, pac man, tetris",
        (("genre", "chiptune", 0.55),),
    ),
    (
        "noir, film noir, sin city, hitchcock, third man, casablanca, neo noir, detective film",
        (("palette", "mono", 0.5), ("light", "night", 0.5), ("genre", "jazz", 0.45)),
    ),
    (
        "black and white film, black and white movie, black and white photography, high contrast black and white, "
        "monochrome film, old black and white film, ansel adams",
        (("palette", "mono", 0.9),),
    ),
    (
        "silent film look, charlie chaplin, buster keaton, silent movie era, 1920s film",
        (("look", "noir", 0.7), ("palette", "mono", 0.8), ("genre", "piano", 0.5)),
    ),
    (
        "mad max, fury road",
        (
            ("setting", "desert", 0.85),
            ("weather", "dust", 0.6),
            ("genre", "drum_and_bass", 0.3),
            ("light", "noon", 0.3),
        ),
    ),
    (
        "dune movie, dune film, villeneuve, arrakis",
        (("setting", "desert", 0.85), ("weather", "dust", 0.5), ("palette", "sand", 0.5), ("genre", "suspense", 0.4)),
    ),
    ("star wars, tatooine", (("setting", "space", 0.6), ("genre", "orchestral", 0.6))),
    (
        "interstellar movie, kubrick, space odyssey, gravity movie, 2001",
        (("setting", "space", 0.8), ("look", "photoreal", 0.6), ("genre", "orchestral", 0.5)),
    ),
    (
        "lord of the rings, tolkien, middle earth",
        (("setting", "mountains", 0.7), ("genre", "orchestral", 0.6), ("look", "photoreal", 0.4)),
    ),
    (
        "terrence malick, malick, days of heaven",
        (("setting", "meadow", 0.5), ("light", "golden", 0.8), ("look", "photoreal", 0.7), ("camera", "handheld", 0.5)),
    ),
    (
        "tarkovsky, stalker movie, solaris",
        (("weather", "fog", 0.6), ("look", "photoreal", 0.5), ("pacing", "slow", 0.8), ("genre", "ambient", 0.5)),
    ),
    (
        "david lynch, lynchian, twin peaks",
        (("weird", "0.7", 0.8), ("genre", "suspense", 0.5), ("light", "night", 0.4), ("setting", "forest", 0.3)),
    ),
    (
        "tim burton, burtonesque, gothic",
        (("light", "moonlight", 0.6), ("mood", "eerie", 0.6), ("palette", "mono", 0.35)),
    ),
    (
        "dali, salvador dali, surrealist, magritte, max ernst, de chirico",
        (("weird", "0.8", 0.85), ("setting", "desert", 0.3), ("look", "photoreal", 0.35)),
    ),
    ("starry night painting", (("look", "gouache", 0.7), ("palette", "jewel", 0.4))),
    ("hokusai, the great wave off kanagawa, great wave", (("look", "ink", 0.8), ("setting", "ocean", 0.7))),
    ("hopper, edward hopper, nighthawks", (("look", "flat", 0.4), ("mood", "lonely", 0.7), ("light", "golden", 0.3))),
    (
        "caspar david friedrich, friedrich, romantic painting",
        (
            ("look", "photoreal", 0.4),
            ("weather", "fog", 0.6),
            ("setting", "mountains", 0.6),
            ("mood", "melancholy", 0.5),
        ),
    ),
    ("rothko, mark rothko", (("setting", "fluid", 0.5), ("palette", "ember", 0.5), ("look", "flat", 0.5))),
    (
        "kandinsky, mondrian, malevich",
        (("setting", "particles", 0.4), ("look", "flat", 0.8), ("palette", "candy", 0.5)),
    ),
    (
        "alice in wonderland, dr seuss, roald dahl, willy wonka",
        (("weird", "0.6", 0.7), ("palette", "candy", 0.6), ("mood", "whimsical", 0.6)),
    ),
    ("mars, martian", (("setting", "desert", 0.75),)),
    (
        "brutalist, brutalism, brutalist towers",
        (("palette", "mono", 0.4), ("weather", "overcast", 0.4), ("mood", "dark", 0.3)),
    ),
    (
        "solarpunk, solar punk, utopia, utopian",
        (("setting", "city", 0.6), ("palette", "natural", 0.6), ("light", "noon", 0.5), ("mood", "hopeful", 0.6)),
    ),
    ("steampunk, steam punk", (("setting", "city", 0.5), ("palette", "autumn", 0.5), ("weather", "fog", 0.4))),
    ("dystopia, dystopian", (("setting", "city", 0.6), ("weather", "overcast", 0.6), ("mood", "dark", 0.7))),
    (
        "post apocalyptic, apocalypse, apocalyptic, fallout",
        (("weather", "dust", 0.6), ("palette", "ember", 0.4), ("mood", "dark", 0.6)),
    ),
    ("psychedelic, trippy, lsd, acid trip, kaleidoscopic", (("palette", "candy", 0.5), ("weird", "0.8", 0.85))),
    (
        "fairy tale, fairytale, fairy tales, once upon a time, marchen, conte de fees, cuento de hadas",
        (("look", "watercolour", 0.45), ("mood", "wonder", 0.6)),
    ),
    (
        "western, spaghetti western, sergio leone, wild west",
        (("setting", "desert", 0.6), ("palette", "sand", 0.5), ("genre", "folk", 0.5)),
    ),
    (
        "horror, horror film, horror movie, lovecraft, lovecraftian, stephen king",
        (("mood", "eerie", 0.9), ("genre", "suspense", 0.8), ("light", "night", 0.5)),
    ),
    ("avatar, pandora", (("setting", "forest", 0.6), ("palette", "neon", 0.4), ("light", "alien", 0.4))),
    ("bob ross", (("setting", "mountains", 0.6), ("look", "watercolour", 0.7), ("mood", "calm", 0.7))),
    (
        "koyaanisqatsi, baraka, samsara",
        (("look", "photoreal", 0.8), ("genre", "orchestral", 0.5), ("camera", "crane_up", 0.3)),
    ),
    (
        "lava, magma, volcano, volcanic, volcanoes, eruption, erupting",
        (("light", "infernal", 0.55), ("palette", "ember", 0.7)),
    ),
    (
        "snowy mountains, snowy peaks, snow covered mountains, snowy forest, snow covered forest, winter forest, "
        "snowy alps, arctic, antarctica, north pole, snowfield, tundra, snowy landscape",
        (("palette", "winter", 0.65),),
    ),
    (
        "snowy mountains, snowy peaks, snowy forest, winter forest, snow covered forest, snowy landscape, snowy "
        "plain, snowy field",
        (("weather", "snow", 0.6),),
    ),
    ("lavender field, lavender", (("colour", "violet", 0.8),)),
    ("sunflower field, sunflowers", (("colour", "yellow", 0.8),)),
    ("poppy field, poppies", (("colour", "red", 0.8),)),
    ("alien planet, alien world, alien landscape, strange planet", (("light", "alien", 0.65),)),
    ("swamp, swamps, marsh, bog", (("weather", "fog", 0.4),)),
    ("on the moon, moon surface, lunar, lunar surface, surface of the moon", (("palette", "mono", 0.7),)),
    ("on mars, martian, red planet, planet mars", (("palette", "mars", 0.9),)),
    ("great gatsby, jazz age, roaring twenties, speakeasy", (("genre", "jazz", 0.7), ("palette", "jewel", 0.5))),
    ("sandstorm, sandstorms, sand storm", (("weather", "dust", 0.95),)),
    ("enchanted forest, fairy forest, magic forest, enchanted", (("mood", "wonder", 0.7),)),
    ("la la land, dreamy sunset", (("light", "sunset", 0.5), ("palette", "candy", 0.4), ("genre", "jazz", 0.4))),
    ("aurora borealis, northern lights, polar lights, aurora", (("light", "night", 0.6),)),
    ("snowstorm, blizzard", (("palette", "winter", 0.5),)),
    ("thunderstorm, lightning", (("mood", "dramatic", 0.4),)),
)

"""Words for places. A leading ~ marks a word that is only shown as its nearest; =0.6 gives the confidence."""

from __future__ import annotations

SETTINGS: dict[str, str] = {
    "ocean": "ocean, sea, open sea, high seas, seascape, waves, ocean waves, big waves, surf, swell, atlantic, "
             "pacific, mediterranean, baltic, north sea, open water, horizon of water, saltwater, tide, tides, "
             "seaside=0.8, stormy sea, rough sea, rolling waves, endless water, sea of waves, offshore, crashing "
             "waves, breakers, the deep blue=0.6, great wave, tsunami, meer, ozean, wellen, mer, vagues, mar, "
             "oceano, olas, out at sea, at sea, atlantik, nordsee, ostsee, caribbean=0.7, on the water=0.5",
    "desert": "desert, dune, dunes, sand dunes, sahara, gobi, sand, sands, sandy=0.7, wasteland=0.8, badlands=0.6, "
              "arid land, dry land, savanna, savannah, outback, atacama, mojave, sandstorm=0.6, arabia, arrakis, "
              "barren land, salt flats, salt flat, salt desert, cracked earth, parched, cactus, cactuses, cacti, "
              "wuste, sandwuste, desierto, dunas, deserto, egypt=0.7, pyramids=0.6, steppe=0.6, oasis=0.8, "
              "playa=0.5, death valley, dust bowl, wild west, western town=0.5, mad max landscape, namib, martian "
              "plain",
    "meadow": "meadow, meadows, field, fields, grassland, grass, grassy, pasture, prairie, lawn, garden, gardens, "
              "park, wildflower, wildflowers, flower field, flowers, flower, blossom=0.7, blossoms=0.7, wheat, wheat"
              " field, cornfield, rice field, rice fields, lavender field, sunflower field, sunflowers, poppy field,"
              " poppies, countryside, rolling hills=0.8, green hills=0.8, hills=0.6, hill=0.6, hillside=0.7, "
              "farmland, farm=0.7, !plains, clearing, glade, heath, moor, moorland, clover, dandelion, dandelions, "
              "tulips, tulip, daisies, daisy, roses=0.7, rose garden, picnic=0.6, grasses, hay, haystack, golf "
              "course, vineyard, orchard=0.6, wiese, feld, blumen, blumenwiese, prairie fleurie, champ, champs, "
              "prado, campo, pradera, jardin, garten, fleurs, flores, bluebells, lavender, valley of flowers, flower"
              " meadow, shire",
    "forest": "forest, forests, wood=0.6, woods, woodland, woodlands, jungle, rainforest, rain forest, trees, tree, "
              "treetops, canopy, pine, pines, pine trees, birch, birches, oak, oaks, redwood, redwoods, sequoia, "
              "sequoias, grove, thicket, undergrowth, bamboo, bamboo forest, taiga, mangrove, mangroves, amazon, "
              "enchanted forest, fairy forest, magic forest, autumn leaves=0.7, leaves=0.5, fallen leaves=0.7, "
              "forest floor, mushrooms=0.7, mushroom=0.7, mushroom forest, moss, mossy, fern, ferns, forest path, "
              "sherwood, black forest, cherry trees=0.7, willow, willows, maple, maples, palm trees=0.5, palm grove,"
              " wald, walder, baum, baume, foret, arbres, arbre, bois, bosque, selva, arboles, arbol, foresta, "
              "bosco, deep woods, wooded, timber, evergreen, evergreens, conifers, aspen, aspens, beech, baobab=0.6",
    "mountains": "mountain, mountains, peak, peaks, alps, alpine, himalaya, himalayas, everest, andes, rockies, "
                 "summit, summits, mountain range, mountain top, mountaintop, ridge, ridges, ridgeline, highland, "
                 "highlands, cliff=0.6, cliffs=0.6, crag, massif, sierra, fuji, mount fuji, matterhorn, dolomites, "
                 "patagonia, glacier=0.6, snow capped peaks, snowcapped mountains, foothills, berg, berge, gebirge, "
                 "alpen, montagne, montagnes, montana, montanas, montagna, tibet, swiss valley, mountain valley, "
                 "valley=0.6, valleys=0.6, scottish highlands, cordillera, rocky slopes, slopes, mountain pass, tian"
                 " shan, tatra, mordor=0.7, scotland=0.6, switzerland=0.8",
    "city": "city, cities, town=0.6, downtown, metropolis, megacity, skyline, skyscraper, skyscrapers, streets, "
            "street, wet street, wet streets, urban, rooftop, rooftops, alley, alleys, alleyway, boulevard, "
            "avenue, traffic=0.8, high rise, high rises, tower blocks, towers, tower=0.6, apartment blocks, new "
            "york, manhattan, tokyo, shinjuku, shibuya, osaka, kyoto=0.7, hong kong, shanghai, london, paris, "
            "berlin, chicago, los angeles, san francisco, dubai, mumbai, seoul, singapore, moscow, rome, "
            "barcelona, madrid, istanbul, gotham, cityscape, megalopolis, concrete jungle, city square, town "
            "square, plaza, harbour city, intersection, crosswalk, subway entrance, brutalist, brutalist towers, "
            "architecture=0.6, buildings, building, stadt, grossstadt, strasse, strassen, ville, rue, rues, "
            "ciudad, calle, calles, citta, industrial=0.5, factory=0.5, factories=0.5, motorway=0.5, highway=0.5, "
            "freeway=0.5, office blocks, lisbon, vienna, prague",
    "village": "village, villages, hamlet, cottage, cottages, cabin, cabins, hut, huts, farmhouse, houses, little "
               "houses, small town, little town, old town, barn, windmill, windmills, market town, chalet, "
               "settlement, country lane, hobbiton, thatched roofs, medieval town, fishing village=0.9, church=0.6, "
               "chapel=0.6, church tower, dorf, dorfer, haus, hauser, hutte, village francais, maison, maisons, "
               "pueblo, casa, casas, aldea, villaggio, treehouse=0.5, homestead, mill=0.6, house=0.6, home town, "
               "hometown, tuscany=0.7, provence=0.7, suburb=0.6, suburbs=0.6",
    "lake": "lake, lakes, ein see, der see, am see, einem see, den see, bergsee, pond, ponds, lagoon, loch, "
            "reservoir, lakeside, lakeshore, shore of a lake, mirror lake, still water, calm water, reflecting "
            "pool, tarn, mere, water lilies, lily pond, lily pads, ~river, ~rivers, ~stream=0.7, ~brook, ~creek, "
            "riverbank, puddle=0.5, puddles=0.5, teich, fluss, ~bach, lac, etang, riviere, lago, laguna, estanque, "
            "rio, lake como, bayou=0.6, wetland=0.7, wetlands=0.7, wasser=0.5, pool=0.5, koi pond",
    "crystals": "crystal, crystals, crystal cave, crystal cavern, crystal world, crystalline, gem, gems, gemstone, "
                "gemstones, quartz, amethyst, diamonds=0.7, diamond=0.6, geode, prism, prisms, glass world, glass "
                "forest=0.6, mineral world, minerals, shards, obsidian shards, emerald city=0.4, kristall, "
                "kristalle, cristal, cristaux, cristales, ice crystals=0.6, ice cave=0.7, ~cave=0.6, ~cavern=0.6, "
                "~grotto=0.6, faceted world, sapphires, rubies, stalactites=0.7, fortress of solitude, kryptonite, "
                "jewel cave, glowing minerals",
    "islands": "island, islands, archipelago, islet, islets, atoll, atolls, tropical island, desert island, hawaii, "
               "maldives, polynesia, galapagos, bahamas, tahiti, bora bora, bali=0.7, greek islands, santorini, "
               "cyclades, floating islands, floating island, flying islands, sky islands, skerries, palm island, "
               "treasure island, insel, inseln, ile, iles, isla, islas, isola, isole, fiji, seychelles, canaries, "
               "halong bay, ha long bay",
    "underwater": "underwater, under water, under the sea, under the ocean, beneath the waves, beneath the sea, "
                  "seabed, beneath the ocean, below the surface, below the waves, sea floor, ocean floor, seafloor, "
                  "coral, corals, coral reef, reef, reefs, deep sea, the deep, abyss, abyssal, kelp, kelp forest, "
                  "seaweed, submerged, sunken, sunken ship=0.8, shipwreck=0.8, atlantis, undersea, subaquatic, "
                  "aquarium, mariana trench, bottom of the sea, bottom of the ocean, bottom of the lake, depths of "
                  "the ocean, depths of the sea, ocean depths, sea anemone, drowned, unterwasser, sous la mer, sous "
                  "l eau, bajo el agua, bajo el mar, submarino=0.6, korallenriff, arrecife, inside the ocean, "
                  "snorkelling, diving=0.5, scuba, bioluminescent sea, unter wasser, submarine world, sottomarino, "
                  "under the waves, unter dem meer, finding nemo, twenty thousand leagues",
    "space": "space, outer space, deep space, cosmos, cosmic, galaxy, galaxies, nebula, nebulae, universe, "
             "interstellar, milky way, starfield, star field, among the stars, asteroid, asteroids, asteroid belt, "
             "comet=0.6, comets=0.6, black hole, wormhole, supernova, solar system, orbiting earth, in orbit, zero "
             "gravity, weightless=0.7, space station, void of space, hyperspace, intergalactic, planets=0.7, "
             "astronomy, celestial=0.7, weltraum, weltall, all voller sterne, espace, cosmique, espacio, galaxia, "
             "spazio, alien galaxy, stardust=0.6, saturn=0.7, jupiter=0.7, neptune=0.7, through the stars, to the "
             "stars=0.7, the stars beyond=0.6, big bang",
    "snowfield": "snowfield, snow field, snow fields, tundra, arctic, antarctica, antarctic, north pole, south pole,"
                 " ice, icy=0.7, ice field, ice sheet, icy plain, polar, frozen land, frozen plain, frozen world, "
                 "frozen wasteland, iceberg, icebergs, greenland, lapland, siberia, winter landscape, winter "
                 "wonderland, snowy landscape, snowy plain, snow covered field, snow covered landscape, snowy field,"
                 " hoth, igloo, permafrost, ski slope=0.6, frozen tundra, schneefeld, schneelandschaft, banquise, "
                 "toundra, campo nevado, ice floes, narnia=0.7, white wilderness, alaska=0.6",
    "canyon": "canyon, canyons, grand canyon, gorge, gorges, ravine, ravines, mesa, mesas, butte, buttes, monument "
              "valley, red rocks, red rock, sandstone, rock arches, slot canyon, antelope canyon, rock walls, utah, "
              "arizona, sierra nevada=0.4, chasm, crevasse=0.6, gulch, zion, bryce, hoodoos, rock formations=0.7, "
              "schlucht, canon, canones, gorges du verdon, barranco, petra, dry riverbed, rocky desert=0.7, wadi, "
              "~quarry=0.6",
    "clouds": "above the clouds, among the clouds, in the clouds, over the clouds, through the clouds, sea of "
              "clouds, into the clouds, cloudscape, cloudscapes, cloud world, cloud kingdom, cloud city=0.6, heaven,"
              " heavens=0.7, heavenly=0.5, land of clouds, between the clouds, ocean of clouds, beyond the clouds, "
              "cloud castle, sky kingdom, laputa=0.6, sky world, skyward=0.5, high in the sky=0.6, through the "
              "sky=0.6, open sky=0.5, stratosphere, airborne world, uber den wolken, au dessus des nuages, sobre las"
              " nubes, entre las nubes, olympus=0.5, in the sky=0.4, sky=0.35, skies=0.35, across the sky=0.4, "
              "himmel=0.35, ciel=0.35, cielo=0.35, the clouds=0.5, skyscape",
    "fluid": "fluid, fluids, liquid, liquids, ink in water, ink drops, ink drop, swirling ink, swirls of paint=0.9, "
             "swirling paint, swirling colours, swirling colors, flowing colours, flowing paint, marbling, marbled, "
             "liquid metal, mercury drops, oil on water, oil slick, lava lamp, molten, flowing shapes, abstract "
             "flow, abstract waves, abstract=0.6, abstraction=0.6, abstract shapes=0.6, abstract world, abstract "
             "forms, liquid light, plasma, viscous, melting=0.5, milk and ink, paint pouring, acrylic pour, "
             "turbulence, vortex, whirlpool=0.5, swirl, swirls, flussig, liquide, liquido, abstrakt=0.6, "
             "abstrait=0.6, abstracto=0.6, slime, wax, honey=0.5, colour field=0.6, flowing forms, ferrofluid, smoke"
             " swirls=0.7",
    "particles": "particle, particles, dots, points of light, sparks, sparkles, glitter, confetti, dust motes, "
                 "specks, pixels of light, swarm of lights, point cloud, data, data points, data stream, atoms, "
                 "atom, molecules, molecule, electrons, quantum, microscopic=0.6, stars swirling, generative "
                 "art=0.7, geometric=0.5, geometry=0.5, geometric shapes=0.6, fractal=0.6, fractals=0.6, "
                 "mandala=0.5, kaleidoscope=0.6, kaleidoscopic=0.6, wireframe=0.5, cyberspace, digital world, the "
                 "matrix=0.6, neurons, neural network, synapses, fireworks=0.6, nanoworld, teilchen, partikel, "
                 "particules, particulas, light particles, visualizer, music visualizer, visualiser, music "
                 "visualiser, sound waves=0.6, pure light=0.5, bokeh=0.4, cells=0.5, virus particles, pointillism "
                 "world",
}

# Words that mean more than one kind of place at once. "~" again: shown as the nearest.
MIXED: tuple[tuple[str, dict[str, float]], ...] = (
    (
        "beach, beaches, coast, coastline, shore, shoreline, seashore, sandy beach, strand, plage, playa, costa, "
        "kuste, bay, cove, tropical beach, shores, by the sea, spiaggia",
        {"ocean": 0.6, "islands": 0.4},
    ),
    ("~lighthouse, ~lighthouses, phare, faro, leuchtturm", {"ocean": 0.6, "islands": 0.4}),
    ("cliffs by the sea, sea cliffs, cliffs of moher, rocky coast, ireland", {"ocean": 0.55, "mountains": 0.45}),
    ("harbour, harbor, ~port, ~pier, ~dock, docks, marina, waterfront, hafen", {"village": 0.5, "ocean": 0.5}),
    ("fjord, fjords, norway, lofoten, milford sound", {"mountains": 0.6, "lake": 0.4}),
    ("mountain lake, alpine lake, bergsee, lac de montagne", {"lake": 0.6, "mountains": 0.4}),
    ("swamp, swamps, marsh, marshes, bog, everglades, sumpf, marais, pantano", {"forest": 0.55, "lake": 0.45}),
    ("~waterfall, ~waterfalls, wasserfall, cascade, cascada", {"canyon": 0.55, "lake": 0.45}),
    ("~volcano, ~volcanoes, ~volcanic, ~lava, ~magma, vulkan, volcan", {"mountains": 0.75, "canyon": 0.25}),
    (
        "~castle, ~castles, ~fortress, ~palace, chateau, schloss, castillo, hogwarts, ~citadel, camelot, rivendell",
        {"mountains": 0.55, "village": 0.45},
    ),
    (
        "~temple, ~temples, ~shrine, ~pagoda, ~monastery, ~ruins, ~ancient ruins, machu picchu",
        {"mountains": 0.6, "village": 0.4},
    ),
    ("venice, venezia, amsterdam, canals, canal, stockholm", {"city": 0.6, "lake": 0.4}),
    ("iceland, island of ice and fire, reykjavik", {"mountains": 0.6, "snowfield": 0.4}),
    ("rio de janeiro, cape town, naples, sydney, vancouver", {"city": 0.6, "ocean": 0.4}),
    ("savannah plain, serengeti, africa, african plains, lion king", {"meadow": 0.5, "desert": 0.5}),
    ("on the moon, moon surface, lunar, lunar surface, surface of the moon", {"desert": 0.6, "space": 0.4}),
    ("on mars, martian, red planet, martian landscape, mars colony, planet mars", {"desert": 0.7, "canyon": 0.3}),
    (
        "alien planet, alien world, another planet, strange planet, exoplanet, alien landscape, pandora, distant "
        "planet, other world, otherworld, otherworldly landscape",
        {"crystals": 0.5, "canyon": 0.5},
    ),
    ("terraces, rice terraces, tea plantation, hobbit hills", {"meadow": 0.6, "mountains": 0.4}),
    ("snowy mountains, snowy peaks, snow covered mountains, snowy alps", {"mountains": 0.75, "snowfield": 0.25}),
    ("snowy forest, snow covered forest, winter forest", {"forest": 0.65, "snowfield": 0.35}),
    (
        "dreamscape, dream world, dream landscape, wonderland, fairyland, fairy tale world",
        {"clouds": 0.5, "meadow": 0.5},
    ),
)

# Indoor and other places that cannot be shown: their nearest place, always with a note.
BEYOND: dict[str, str] = {
    "city": "courtroom, opera house, cathedral, church interior, museum, kitchen, bedroom, living room, office, "
            "classroom, school, hospital, library, theatre, theater, restaurant, bar, nightclub, club, disco, gym, "
            "supermarket, shop, mall, elevator, corridor, hallway, basement, bathroom, airport, stadium, arena, "
            "concert hall, stage, studio, laboratory, lab, prison, cinema, ballroom, room, apartment, hotel, casino,"
            " church interior, warehouse, parking garage, train station, metro, subway, construction site, bus stop,"
            " cafe, coffee shop, bakery, bookstore, laundromat, diner, gas station",
    "village": "barnyard, inn, tavern, pub, graveyard, cemetery, playground, backyard, circus, carnival, fair, "
               "amusement park, fairground, market, bazaar, zoo, greenhouse, attic, toy shop, nursery, dollhouse, "
               "cellar",
    "canyon": "mine, tunnel, dungeon, catacombs, crypt, tomb, labyrinth, maze, underground",
    "space": "spaceship interior, cockpit, bridge of a starship",
    "fluid": "inside the human body, bloodstream, womb, stomach",
    "particles": "inside a computer, inside a circuit board, circuit board, inside the brain, motherboard, inside a "
                 "cell",
}

# Words for more than one place, where they are denied: "no water", "everything but buildings".
DENIED: dict[str, tuple[str, ...]] = {
    "water": ("ocean", "lake", "underwater", "islands"), "wasser": ("ocean", "lake", "underwater", "islands"),
    "eau": ("ocean", "lake", "underwater", "islands"), "agua": ("ocean", "lake", "underwater", "islands"),
    "plants": ("forest", "meadow"), "vegetation": ("forest", "meadow"), "greenery": ("forest", "meadow"),
    "nature": ("forest", "meadow", "mountains", "lake"), "civilisation": ("city", "village"),
    "civilization": ("city", "village"), "buildings": ("city", "village"), "houses": ("city", "village"),
}

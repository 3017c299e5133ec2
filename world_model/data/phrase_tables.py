"""What creators type for places, bodies, movements, hours and weathers: the tables behind phrases.py.

Phrases separated by commas, the plainest first. A place is a noun phrase with its article, or, after `>`, words that
already say where. A body is a singular noun, a gait a verb in its base form. Hours and weathers stand after a clause.
Every sixth phrase (of fewer than six the last) is held out of training: see phrases.py.
"""

from __future__ import annotations

SETTINGS: dict[str, str] = {
    "ocean": "the ocean, the sea, the open sea, ocean waves, a stormy seascape, the big blue, the high seas, the "
             "waves, a wide blue sea, rolling waves, the Atlantic, endless open water, the Pacific, the surf, the "
             "seaside",
    "desert": "the desert, sand dunes, the dunes, a sandy desert, the Sahara, an endless sea of sand, desert dunes, "
              "a dry wasteland, hot sand, an arid plain, the outback, barren drylands, a sunburnt desert",
    "meadow": "a meadow, a field of flowers, a flower meadow, a grassy field, green fields, a field of wildflowers, "
              "the countryside, rolling green hills, tall grass, a garden, a prairie, lush pasture, grassland, "
              "a wheat field",
    "forest": "a forest, the woods, the trees, a dense forest, a pine forest, a leafy woodland, the jungle, deep "
              "woods, an enchanted forest, a birch grove, a rainforest, a thicket of trees, a forest path, tall pines",
    "mountains": "the mountains, mountain peaks, the Alps, a mountain range, high peaks, alpine summits, the "
                 "Himalayas, rocky mountains, a mountain valley, the highlands, steep ridges, craggy mountain tops, "
                 "cliffs",
    "city": "a city, the city, skyscrapers, city streets, a modern metropolis, a downtown of high rises, the skyline, "
            "a big city, downtown, urban streets, a cityscape, towering office blocks, Tokyo, rooftops, a megacity",
    "village": "a village, a small village, a little town, a hamlet, cottages, quaint little houses, a fishing "
               "village, an old village, wooden huts, a country town, cosy cottages, a sleepy hamlet, a farmhouse",
    "lake": "a lake, a calm lake, a pond, a mirror lake, a mountain lake, still waters, a quiet pond, the lakeside, "
            "a lagoon, a lake shore, a glassy lake, a lily pond, a river bank",
    "crystals": "a crystal world, crystals, giant crystals, a crystal cave, glowing crystals, a glittering gem cavern, "
                "gemstones, a field of crystals, amethyst spires, quartz crystals, a crystal landscape, "
                "sparkling mineral shards, glass prisms",
    "islands": "islands, tropical islands, an island, a desert island, small islands, a palm-fringed archipelago, "
               "an archipelago, an island paradise, a chain of islands, a tropical atoll, Hawaii, scattered islets, "
               "Greek islands",
    "underwater": ">underwater, >under the sea, a coral reef, the deep sea, the ocean floor, >below the surface of the "
                  "sea, >beneath the waves, the seabed, the bottom of the sea, a kelp forest, an underwater world, "
                  "the deep ocean abyss, a reef, >deep under water",
    "space": "space, outer space, deep space, the cosmos, >among the stars, the starry void between worlds, a galaxy, "
             "the universe, a nebula, an asteroid field, the Milky Way, interstellar emptiness, the stars",
    "snowfield": "a snowfield, a snowy plain, the arctic, a white tundra, a field of snow, an icy white expanse, "
                 "Antarctica, a frozen landscape, deep snow, snow plains, the north pole, a glacier field, "
                 "a snow-covered field",
    "canyon": "a canyon, the Grand Canyon, a deep canyon, a red rock canyon, a gorge, a steep sandstone ravine, "
              "canyon walls, a rocky gorge, a river canyon, a narrow canyon, mesas, towering rock walls, a ravine",
    "clouds": "a sea of clouds, >above the clouds, >in the clouds, a cloudscape, the sky, a kingdom of cloud towers, "
              ">high up in the sky, clouds below, fluffy cloud tops, a cloud world, >up in the air, heavenly cloud "
              "banks",
    "fluid": "swirling ink, liquid colours, a flowing fluid, paint in water, ink in water, marbled swirls of paint, "
             "liquid paint, abstract liquid, melting colours, fluid colors, oil on water, mixing dyes, smoke swirls",
    "particles": "particles, a cloud of particles, glowing dots, abstract particles, dancing particles, "
                 "a swarm of tiny sparks, floating specks, dust of light, geometric particles, a particle system, "
                 "points of light, shimmering motes, abstract shapes",
}

PREPOSITIONS: dict[str, str] = {
    "ocean": "over, across, on", "desert": "across, through, in", "meadow": "across, through, over, in",
    "forest": "through, in", "mountains": "through, over, in", "city": "through, over, in", "village": "through, in",
    "lake": "over, on, across", "crystals": "through, among", "islands": "over, near, around",
    "underwater": "through, in", "space": "through, in", "snowfield": "across, through, over",
    "canyon": "through, in, over", "clouds": "through, in, over", "fluid": "through, in", "particles": "through, among",
}

BODIES: dict[str, str] = {
    "bird": "bird, seagull, eagle, little bird, white bird, swallow, crow, seabird, songbird, hawk, dove, starling",
    "bee": "bee, honeybee, bumblebee, honey bee, busy bee, buzzing bee, tiny bee, bumble bee",
    "butterfly": "butterfly, monarch butterfly, moth, colourful butterfly, blue butterfly, fluttering butterfly, "
                 "colorful butterfly, little butterfly",
    "fish": "fish, goldfish, tropical fish, koi, little fish, silver fish, salmon, trout, clownfish, reef fish",
    "whale": "whale, humpback whale, blue whale, giant whale, big whale, huge sperm whale, orca, grey whale, "
             "singing whale",
    "jellyfish": "jellyfish, glowing jellyfish, medusa, jelly fish, giant jellyfish, translucent jellyfish, "
                 "luminous jellyfish, sea jelly",
    "boat": "boat, sailboat, ship, small boat, sailing boat, wooden rowing boat, fishing boat, yacht, canoe, "
            "tall ship, rowboat, little vessel",
    "car": "car, sports car, red car, racing car, old car, speeding automobile, taxi, flying car, vintage car, van, "
           "race car, convertible",
    "train": "train, steam train, express train, locomotive, old train, passenger train, railway train, night train, "
             "high-speed train, freight train",
    "rocket": "rocket, spaceship, rocket ship, spacecraft, space rocket, silver starship, missile, space shuttle, "
              "retro rocket, moon rocket",
    "balloon": "hot air balloon, balloon, hot-air balloon, air balloon, striped balloon, drifting aerostat, airship, "
               "colourful hot air balloon, red balloon, zeppelin",
    "walker": "person, walker, lone figure, man, woman, solitary wanderer, traveller, child, human, hiker, astronaut, "
              "pilgrim, someone, girl, boy",
    "fox": "fox, red fox, little fox, wolf, dog, bushy-tailed fox, cat, deer, horse, arctic fox, animal, fox cub",
    "ball": "ball, bouncing ball, rubber ball, red ball, beach ball, bouncy sphere, big ball, sphere, rolling ball",
    "planet": "planet, giant planet, ringed planet, gas giant, moon, huge alien world, red planet, planet with rings, "
              "distant planet, big moon",
    "lantern": "lantern, paper lantern, glowing lantern, sky lantern, floating lantern, little lamp, candle, firefly, "
               "floating light, light orb, chinese lantern, will-o'-the-wisp",
    "dragon": "dragon, flying dragon, fire dragon, red dragon, ancient dragon, winged serpent, giant dragon, wyvern, "
              "mythical dragon",
    "kite": "kite, paper kite, red kite, colourful kite, flying kite, fluttering toy kite, kite on a string, "
            "rainbow kite",
}

# Verbs a body moves by when no gait is named.
BODY_VERBS: dict[str, str] = {
    "bird": "fly, glide, soar", "bee": "fly, buzz", "butterfly": "flutter, fly", "fish": "swim", "whale": "swim, glide",
    "jellyfish": "drift, float, swim", "boat": "sail, cross, drift", "car": "drive, race", "train": "travel, run, race",
    "rocket": "fly, blast off", "balloon": "float, drift, rise", "walker": "walk, wander, stroll",
    "fox": "walk, run, trot", "ball": "bounce, roll", "planet": "hang, turn, float", "lantern": "float, glow, rise",
    "dragon": "fly, circle", "kite": "fly, dance",
}

# Names for many of one body.
GROUPS: dict[str, str] = {
    "bird": "flock", "bee": "swarm", "butterfly": "cloud", "fish": "school", "whale": "pod", "jellyfish": "bloom",
    "boat": "fleet", "car": "line", "train": "row", "rocket": "fleet", "balloon": "group", "walker": "crowd",
    "fox": "pack", "ball": "bunch", "planet": "system", "lantern": "sea", "dragon": "host", "kite": "row",
}

GAITS: dict[str, str] = {
    "still": "stay still, stand still, wait, rest, hold still, keep motionless, sit there quietly",
    "cruise": "cruise, glide along, move steadily, travel, head onward, journey along, pass by",
    "dart": "dart, dart around, zip about, rush, dash, zoom to and fro, dart back and forth",
    "hover": "hover, hover in place, hang in the air, hover quietly, float on the spot, linger in mid-air",
    "flock": "flock together, swarm, move as a group, flock, swarm together, mill around as one, travel in formation",
    "bounce": "bounce, hop, jump, leap, bounce up and down, spring along, bounce around, skip",
    "drift": "drift, float, drift slowly, float gently, drift along, waft lazily, drift away",
    "circle": "circle, fly in circles, go round and round, circle around, move in circles, loop round, spiral",
    "dance": "dance, dance to the music, sway to the beat, dance around, twirl, groove to the rhythm, swirl",
    "soar": "soar, soar high, glide high, swoop, soar upward, sweep through the heights, swoop skyward",
}

LIGHTS: dict[str, str] = {
    "dawn": "at dawn, at sunrise, at daybreak, at first light, in the early morning light, while the sun climbs over "
            "the horizon, in the dawn, at the break of day, with the rising sun, early in the morning, in dawn light, "
            "at the crack of dawn",
    "morning": "in the morning, in morning light, in the late morning, on a bright morning, in the morning sun, "
               "in the forenoon, on a fresh morning, on a sunny morning, this morning",
    "noon": "at noon, at midday, in broad daylight, in bright daylight, by day, under the high sun, in daylight, "
            "in the midday sun, during the day, at high noon, in full sun, in glaring overhead light",
    "golden": "at golden hour, in golden light, in warm evening light, in the late afternoon, in the low sun, "
              "in honey-coloured light, at the magic hour, in the golden hour, in warm sunlight, in amber light, "
              "in soft warm light, with long afternoon shadows",
    "sunset": "at sunset, at sundown, as the sun sets, under a red sky, in the setting sun, as the sun goes down, "
              "under an orange sky, in sunset light, under a pink evening sky, with a burning sky, in the sunset, "
              "while the sun dips below the horizon",
    "dusk": "at dusk, at twilight, in the evening, in the blue hour, at nightfall, in the gloaming, in the twilight, "
            "after sunset, in the half light, in dim blue light, at the end of the day, as darkness gathers",
    "night": "at night, in the night, in the dark, at midnight, under the stars, after dark, on a dark night, "
             "under a starry sky, by night, in the middle of the night, on a starry night, in pitch blackness",
    "moonlight": "in moonlight, under a full moon, by moonlight, under the moon, in the moonlit night, "
                 "in silvery lunar light, on a moonlit night, with a bright moon, under a crescent moon, "
                 "in pale moonlight",
    "alien": "in alien light, under a green sky, in strange green light, in otherworldly light, under an alien sky, "
             "in eerie emerald light, under two suns, in a toxic green glow, in an unearthly glow",
    "infernal": "in infernal light, in hellish red light, in fiery light, like the apocalypse, under a burning red "
                "sky, in a blood-red inferno, in the glow of lava, in red firelight, with hellfire glowing",
}

WEATHERS: dict[str, str] = {
    "clear": "under a clear sky, in clear weather, under a blue sky, with no clouds, in fine weather, "
             "with a cloudless sky, under clear blue skies, in sunny weather, in crisp clear air",
    "clouds": "under a cloudy sky, with fluffy clouds, with some clouds, in partly cloudy weather, with drifting "
              "clouds, with scattered cumulus, with white clouds, with puffy clouds, with a few clouds",
    "overcast": "under an overcast sky, under a grey sky, in overcast weather, under heavy clouds, on a grey day, "
                "under leaden skies, on a dull day, under gray skies, in gloomy weather",
    "fog": "in the fog, in mist, in thick fog, in foggy weather, with mist rising, in a hazy murk, in the haze, "
           "with fog rolling in, in a misty haze, wrapped in fog",
    "rain": "in the rain, in rainy weather, in heavy rain, in a downpour, with rain falling, in a steady drizzle, "
            "on a rainy day, while it rains, in pouring rain, in light rain, with raindrops, during a wet shower",
    "storm": "in a storm, in a thunderstorm, with thunder and lightning, in stormy weather, with lightning, "
             "in a raging tempest, in a violent storm, with dark storm clouds, in a hurricane",
    "snow": "in the snow, in falling snow, in snowy weather, while it snows, in snowfall, with soft snowflakes, "
            "in winter snow, with snow falling, in gentle snow",
    "blizzard": "in a blizzard, in a snowstorm, in a heavy snowstorm, in driving snow, in a whiteout, "
                "in howling arctic winds and snow, in a raging blizzard, in a snow storm",
    "dust": "in a dust storm, in a sandstorm, in blowing sand, in dusty air, with dust everywhere, "
            "in swirling grit, in a sand storm, with dust clouds, in a haze of dust",
    "aurora": "under the northern lights, under an aurora, with an aurora, with aurora borealis, "
              "with northern lights dancing, under green curtains of polar light, under the aurora borealis, "
              "with a glowing aurora",
}

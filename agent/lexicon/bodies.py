"""Words for bodies, their numbers, sizes, speeds and gaits. ~ marks a word shown only as its nearest."""

from __future__ import annotations

from agent.lexicon.tables import word_set

BODIES: dict[str, str] = {
    "bird": "bird, birds, seagull, seagulls, gull, gulls, eagle, eagles, hawk, hawks, falcon, falcons, crow, crows, "
            "raven, ravens, swallow, swallows, sparrow, sparrows, starling, starlings, murmuration, dove, doves, "
            "pigeon, pigeons, owl, owls, heron, herons, crane bird, cranes flying, stork, storks, swan, swans, "
            "goose, geese, duck, ducks, parrot, parrots, hummingbird, hummingbirds, albatross, flamingo, flamingos, "
            "pelican, condor, vulture, vultures, magpie, robin, kingfisher, peacock, phoenix=0.8, wild geese, "
            "songbird, songbirds, nightingale, pterodactyl=0.7, ~penguin, ~penguins, ~chicken, ~bat, ~bats, vogel, "
            "mowe, mowen, adler, oiseau, oiseaux, pajaro, pajaros, ave, aves, gaviota, gaviotas, mouette, mouettes, "
            "uccello, uccelli, aguila, ~griffin, ~pegasus, ~feathered thing",
    "bee": "bee, bees, honeybee, honeybees, honey bee, bumblebee, bumblebees, bumble bee, ~wasp, ~wasps, ~hornet, "
           "~hornets, ~dragonfly, ~dragonflies, ~mosquito, ~mosquitoes, ~beetle, ~beetles, ~ladybug, ~ladybugs, "
           "~ladybird, ~ladybirds, ~insect, ~insects, ~bug, ~bugs, ~cicada, ~cicadas, ~grasshopper, ~grasshoppers, "
           "~locusts, ~ant, ~ants, ~spider, ~spiders, ~cricket, biene, bienen, hummel, hummeln, abeille, abeilles, "
           "abeja, abejas, ape maia, ~libelle, ~libellule, ~libelula, ~damselfly, ~gnat, ~scarab",
    "butterfly": "butterfly, butterflies, ~moth, ~moths, monarch, monarchs, monarch butterflies, swallowtail, "
                 "schmetterling, schmetterlinge, papillon, papillons, mariposa, mariposas, farfalla, farfalle, "
                 "~fairy, ~fairies, ~pixie, ~tinkerbell, ~falling petals=0.6, ~petals=0.5",
    "fish": "fish, fishes, goldfish, koi, salmon, trout, tuna, sardines, herring, minnows, clownfish, carp, guppies,"
            " anchovies, mackerel, barracuda, piranha, piranhas, ~shark, ~sharks, ~eel, ~eels, ~seahorse, "
            "~seahorses, ~stingray, ~dolphin, ~dolphins, ~seal, ~seals, ~turtle, ~turtles, ~sea turtle, ~sea "
            "turtles, ~mermaid, ~mermaids, ~otter, ~crab, ~starfish, fisch, fische, poisson, poissons, pez, peces, "
            "pesce, pesci, ~dauphin, ~delfin, ~delfine, ~delfines, nemo, angler fish, anglerfish",
    "whale": "whale, whales, humpback, humpbacks, humpback whale, blue whale, sperm whale, orca, orcas, narwhal, "
             "moby dick, leviathan=0.8, ~manta ray, ~manta rays, ~manta, ~sea monster, ~submarine, ~submarines, wal,"
             " wale, baleine, baleines, ballena, ballenas, balena, walfisch, ~plesiosaur, ~nessie, ~kraken=0.6, sky "
             "whale, beluga, cachalot",
    "jellyfish": "jellyfish, jellyfishes, jelly fish, jellies, medusa, medusas, medusae, man o war, ~octopus, "
                 "~octopuses, ~squid, ~squids, ~cuttlefish, ~sea anemones, qualle, quallen, meduse, meduses, "
                 "~nautilus, ~polyp, ~ctenophore, ~pulpo",
    "boat": "boat, boats, sailboat, sailboats, sailing boat, sail boat, ship, ships, sailing ship, galleon, frigate,"
            " pirate ship, rowboat, rowing boat, canoe, kayak, dinghy, raft, gondola, gondolas, ferry, yacht, "
            "yachts, schooner, fishing boat, tugboat, steamboat, barge, viking ship, longship, paper boat, paper "
            "boats, ark, catamaran, junk ship, cruise ship, tanker, !sails, boote, schiff, schiffe, segelboot, "
            "bateau, bateaux, voilier, barco, barcos, velero, barca, barche, vessel, ~surfer, ~surfers, regatta, "
            "sloop, ~swimmer, ~rubber duck",
    "car": "car, cars, automobile, sports car, race car, racing car, racing cars, convertible, cadillac, ferrari, "
           "porsche, delorean, taxi, taxis, cab, cabs, limousine, jeep, ~truck, ~trucks, ~lorry, ~bus, ~buses, ~van,"
           " pickup, coupe, roadster, vehicle, vehicles, ~motorbike, ~motorbikes, ~motorcycle, ~motorcycles, ~bike, "
           "~bicycle, ~bicycles, ~cyclist, ~scooter, ~tractor, ~carriage, ~hovercar, ~flying car, ~tank, auto, "
           "autos, wagen, voiture, voitures, coche, coches, carro, macchina, vw beetle, muscle car, lowrider, ~light"
           " cycle, ~light cycles, ~snowmobile, ~skateboard, ~sleigh, ~rover, hot rod",
    "train": "train, trains, steam train, steam engine, locomotive, locomotives, railway, railroad, bullet train, "
             "shinkansen, night train, tram, trams, tramway, streetcar, monorail, orient express, ~cable car, zug, "
             "zuge, eisenbahn, dampflok, tren, trenes, treno, subway train, freight train, metro train, model train,"
             " toy train, ~caravan, ~snake, ~snakes, ~serpent, ~caterpillar, ~worm, ~rollercoaster, ~roller coaster,"
             " strassenbahn, strassenbahnen, bahn, tramvia, ferrocarril",
    "rocket": "rocket, rockets, spaceship, spaceships, space ship, spacecraft, starship, starships, space shuttle, "
              "shuttle launch, rocket launch, missile, missiles, space probe, ~satellite, ~satellites, ~ufo, ~ufos, "
              "~flying saucer, ~flying saucers, ~airplane, ~airplanes, ~aeroplane, ~plane, ~planes, ~jet, ~jets, "
              "~biplane, ~fighter jet, ~helicopter, ~helicopters, ~aircraft, rakete, raketen, raumschiff, fusee, "
              "vaisseau spatial, cohete, cohetes, nave espacial, razzo, x wing, millennium falcon, ~spitfire, ~paper"
              " plane, ~paper planes, ~flugzeug, ~avion, falcon 9",
    "balloon": "balloon, balloons, hot air balloon, hot air balloons, air balloon, air balloons, ~airship, "
               "~airships, ~zeppelin, ~zeppelins, ~blimp, ~dirigible, montgolfiere, montgolfieres, ballon, ballons, "
               "luftballon, luftballons, heissluftballon, globo, globos, globo aerostatico, palloncino, mongolfiera,"
               " party balloons, ~parachute, ~parachutes, ~soap bubbles, ~soap bubble, ~bubble, ~bubbles, ~flying "
               "house, ~parasol, ~umbrella, ~umbrellas",
    "walker": "walker, walkers, person, people, man, men, woman, women, girl, girls, boy, boys, child, children, "
              "kid, kids, human, humans, figure, silhouette=0.6, traveller, traveler, wanderer, hiker, hikers, "
              "pilgrim, pilgrims, monk, monks, stranger, runner, runners, old man, old woman, lady, gentleman, "
              "couple=0.7, lovers, crowd, crowds, pedestrian, pedestrians, commuters, ~astronaut, ~astronauts, "
              "~cosmonaut, ~robot, ~robots, ~android, ~androids, ~cyborg, ~knight, ~knights, ~samurai, ~ninja, "
              "~ninjas, ~cowboy, ~cowboys, ~wizard, ~witch, ~witches, ~king, ~queen, ~princess, ~prince, ~warrior, "
              "~warriors, ~soldier, ~soldiers, ~dancer, ~dancers, ~ballerina, ~ghost, ~ghosts, ~zombie, ~zombies, "
              "~detective, ~pirate, ~pirates, ~fisherman, ~farmer, ~shepherd, ~musician, ~clown, ~angel, ~angels, "
              "~vampire, ~statue, ~scarecrow, ~snowman, ~puppet, ~alien, ~aliens, ~golem, ~troll, ~elf, ~elves, "
              "~gnome, ~dwarf, ~skier, ~ice skater, ~skater, ~explorer, ~nomad, ~nomads, ~penguin walking, "
              "grandmother, grandma, grandfather, grandpa, mother, father, family, friends, hero, heroine, mensch, "
              "menschen, mann, frau, kinder, homme, femme, fille, garcon, enfant, enfants, gens, hombre, mujer, "
              "nina, ninos, gente, persona, personas, uomo, donna, ~gorilla, ~monkey, ~monkeys, ~ape, ~kangaroo, "
              "~totoro, ~mech, ~hiking boots, wanderers, adventurer, ~lighthouse keeper, ~keeper, ~passenger, "
              "~passengers, ~guardian, ~guard",
    "fox": "fox, foxes, arctic fox, ~wolf, ~wolves, ~dog, ~dogs, ~puppy, ~coyote, ~jackal, ~cat, ~cats, ~kitten, "
           "~kittens, ~tiger, ~tigers, ~lion, ~lions, ~panther, ~leopard, ~snow leopard, ~lynx, ~deer, ~stag, ~fawn,"
           " ~doe, ~elk, ~moose, ~reindeer, ~horse, ~horses, ~wild horses, ~unicorn, ~unicorns, ~pony, ~zebra, "
           "~zebras, ~antelope, ~gazelle, ~gazelles, ~camel, ~camels, ~goat, ~goats, ~sheep, ~lamb, ~cow, ~cows, "
           "~bull, ~bison, ~buffalo, ~bear, ~bears, ~polar bear, ~panda, ~rabbit, ~rabbits, ~hare, ~bunny, "
           "~squirrel, ~squirrels, ~raccoon, ~badger, ~hedgehog, ~mouse, ~mice, ~elephant, ~elephants, ~giraffe, "
           "~giraffes, ~rhino, ~hippo, ~pig, ~dinosaur, ~dinosaurs, ~t rex, ~lizard, ~gecko, ~frog, ~frogs, ~animal,"
           " ~animals, ~creature, ~creatures, ~beast, fuchs, fuchse, ~hund, ~katze, ~pferd, ~pferde, renard, "
           "renards, ~chien, ~chat, ~cheval, ~chevaux, ~loup, zorro, zorros, ~perro, ~gato, ~caballo, ~caballos, "
           "~lobo, volpe, ~gatto, ~cavallo, kitsune, ~raccoons, ~llama, ~alpaca, ~cheetah, ~donkey, ~mammoth",
    "ball": "ball, balls, bouncing ball, sphere, spheres, orb, orbs, marble=0.6, marbles, beach ball, bowling ball, "
            "soccer ball, football, basketball, rubber ball, bouncy ball, glass ball, ~cube, ~cubes, ~box, ~boxes, "
            "~wheel, ~wheels, ~apple, ~egg, ~eggs, ~pumpkin, ~stone, ~boulder, ~boulders, ~coin, ~coins, ~toy, "
            "~toys, ~dice, ~balls of light, kugel, kugeln, balle, bille, pelota, pelotas, palla, ~blob, ~slime blob,"
            " ~tumbleweed, ~yarn, ~snowball, ~droplet, ~raindrop, ~peach, ~onion, ~teapot, ~teacup, ~orange fruit, "
            "~lemon, ~hat, ~shoe",
    "planet": "planet, planets, moon rising=0.6, giant moon, huge moon, two moons, moons, jupiter, saturn, neptune, "
              "venus, uranus, earth=0.7, globe, ringed planet, gas giant, world in the sky, planet earth, ~death "
              "star, ~sun rising huge, planeten, planete, planetes, planeta, planetas, pianeta, celestial bodies, "
              "~meteor, ~meteors, ~comet, ~comets, ~meteorite, ~asteroid, ~asteroids, ~shooting star, ~shooting "
              "stars",
    "lantern": "lantern, lanterns, paper lantern, paper lanterns, sky lantern, sky lanterns, floating lanterns, "
               "lamp, lamps, candle, candles, ~firefly, ~fireflies, ~glowworm, ~glowworms, ~glow worms, ~will o the "
               "wisp, ~wisp, ~wisps, ~spirits of light, ~floating lights, ~little lights, ~fairy lights, ~torch, "
               "~torches, ~ember, ~embers, ~spirit, ~spirits, ~street lamp, ~lightbulb, ~light bulb, laterne, "
               "laternen, ~gluhwurmchen, lanterne, lanternes, linterna, linternas, farolillo, farolillos, lanterna, "
               "lanterne volanti, ~kodama, ~luciole, ~lucioles, ~luciernaga, ~luciernagas",
    "dragon": "dragon, dragons, wyvern, chinese dragon, fire breathing dragon, smaug, toothless, drache, "
              "drachen=0.7, dragones, drago, draghi, ~hydra, ~basilisk, ~monster, ~monsters, ~godzilla, ~kaiju, "
              "haku, ~sea serpent, ~quetzalcoatl, ~demon, ~chimera",
    "kite": "kite, kites, paper kite, stunt kite, flying kite, cerf volant, cerfs volants, cometa de papel, "
            "papalote, aquilone, aquiloni, ~flag, ~flags, ~banner, ~banners, ~ribbon, ~ribbons, ~scarf, ~feather, "
            "~feathers, ~hang glider, ~paraglider, ~paragliders, ~glider, ~magic carpet, ~flying carpet, ~falling "
            "leaf, ~drifting leaf, ~plastic bag, ~drifting paper, ~sheet of paper, ~veil, ~cape, ~origami crane, "
            "~origami, ~drone flying",
}

# Size factor against the body's usual size.
SIZES: dict[float, str] = {
    0.35: "tiny, minuscule, miniature, microscopic, teeny, itty bitty, mini, winzig, winzige, minuscule, diminuto, "
          "toy sized",
    0.6: "small, little, smallish, young, baby, klein, kleine, kleiner, petit, petite, pequeno, pequena, piccolo, "
         "lone small",
    1.0: "medium sized, normal sized, life sized",
    1.7: "big, large, tall, great, gross, grosse, grosser, grand, grande, gran, long=0.5, fat, bulky",
    3.0: "huge, giant, gigantic, enormous, massive, colossal, immense, titanic, towering, monumental, riesig, "
         "riesige, riesiger, enorme, gigante, gigantesque, gigantesco, vast, oversized, monstrous, mammoth sized, "
         "kaiju sized",
}

# Speed factor.
SPEEDS: dict[float, str] = {
    0.35: "very slow, super slow, ultra slow, slow motion, slow mo, slomo, slowmo, in slow motion, glacial, barely "
          "moving, snail pace, zeitlupe, ralenti",
    0.6: "slow, slowly, gentle, gently, leisurely, lazily, lazy, unhurried, softly, langsam, lentement, lent, lento,"
         " lenta, lentamente, gradually, languid, languidly, sluggish",
    1.7: "fast, quick, quickly, rapid, rapidly, swift, swiftly, speedy, speeding, racing, rushing, hurtling, "
         "zooming, schnell, schnelle, schneller, vite, rapide, rapido, rapida, zipping, dashing, brisk, briskly, "
         "hurried, galloping, sprinting, veloce, full speed, at speed",
    2.6: "very fast, super fast, extremely fast, breakneck, lightning fast, hyperspeed, supersonic, at top speed, "
         "warp speed, blazing fast",
}

GAITS: dict[str, str] = {
    "still": "standing still, motionless, resting, sitting, sleeping, sleeps, standing, stands, sits, rests, "
             "waiting, parked, perched, frozen in place, immobile, asleep, lying, anchored, moored, idle, "
             "stationary, staring",
    "cruise": "cruising, cruises, flying, flies, driving, drives, sailing, sails, sailing along, swimming, swims, "
              "walking, walks, walk, walked, strolling, strolls, travelling, traveling, travels, riding, rides, "
              "passing, passes, rolling along, marching, trotting, wandering, wanders, roams, roaming, crossing, "
              "crosses, gliding along, moving through, trekking, migrating, flys, running, runs, run, jogging, "
              "galloping, gallops, racing, races, speeding, speeds, rushing, rushes, rowing, paddling, steaming, "
              "journeying, prowling, prowls, wades",
    "dart": "darting, darts, zigzag, zigzagging, zipping, zips, flitting, flits, dashing, dashes, scurrying, "
            "skittering, buzzing, buzzes, swooping, swoops, chasing, chases, hunting, diving down, dives, erratic, "
            "frantic, fluttering wildly, whizzing, shooting through, scampering, scampers",
    "hover": "hovering, hovers, hover, levitating, levitates, suspended, hanging in the air, floating in place, "
             "fluttering, flutters, treading",
    "flock": "flocking, flock, flocks, swarm, swarming, swarms, schooling, murmurating, herd, in formation, swirling"
             " flock, shoaling, pack, colony, swarm of, school of, shoal of, flock of",
    "bounce": "bouncing, bounces, bounce, hopping, hops, jumping, jumps, leaping, leaps, skipping, bobbing, bobs, "
              "springing, hop, boing, jump, pogo",
    "drift": "drifting, drifts, drift, floating, floats, float, adrift, wafting, carried by the wind, sinking, "
             "falling slowly, rising slowly, rising, rises, descending, tumbling, ascending, floating away, drifting"
             " away, falling, treiben, flotando, flottant, flotte, schwebt, schweben",
    "circle": "circling, circles, circle, spinning, spins, spiralling, spiraling, spirals, turning in circles, in "
              "circles, looping, loops, revolving, revolves, rotating, rotates, whirling, orbiting each other, going"
              " round, swirling, twirling around, rotating slowly",
    "dance": "dancing, dances, dance, waltzing, twirling, twirls, pirouette, pirouetting, swaying, sways, grooving, "
             "jiggling, frolicking, frolics, playful, playfully, celebrating, tanzt, tanzen, tanzend, dansent, "
             "danse, danser, baila, bailan, bailando, ballet, breakdancing, spinning happily",
    "soar": "soaring, soars, soar, gliding, glides, glide, majestic flight, wheeling, high above, climbing, climbs, "
            "taking off, takes off, blasting off, blasts off, launching, launches, lifting off, lift off, ascends, "
            "breaching, breaches, shooting into the sky, sweeping, sweeps",
}

# A group word and how many it means for a kind that can be many.
GROUPS: dict[int, str] = {
    2: "pair of, a pair of, couple of, a couple of, two, both, twin, twins, duo of, zwei, deux, dos",
    3: "three, trio of, triplet of, drei, trois, tres, a few, few, some, einige, quelques, algunos, algunas, ein paar",
    4: "four, quartet of, vier, quatre, cuatro, a handful of, handful of, family of, litter of",
    5: "five, several, various, funf, cinq, cinco, multiple, group of, a group of, bunch of, a bunch of, mehrere, "
       "plusieurs, varios, varias, assorted",
    12: "dozen, a dozen, many, lots of, a lot of, numerous, pack of, herd of, band of, fleet of, viele, beaucoup de,"
        " muchos, muchas, procession of, caravan of, parade of, line of, convoy of, plenty of, string of, gang of, "
        "formation of, troop of",
    20: "flock of, a flock of, school of, a school of, shoal of, swarm of, a swarm of, cloud of, a cloud of, dozens "
        "of, crowd of, colony of, army of, murmuration of, schwarm, bandada de, nuee de, sky full of, full of, "
        "flocks of, swarms of, schools of, host of",
    48: "hundreds of, thousands of, millions of, countless, innumerable, hundreds, thousands, myriad, myriads of, "
        "endless, infinite, uncountable, hunderte, tausende, des centaines de, cientos de, miles de, an ocean of, a "
        "sea of, billions of, hordes of, masses of",
}

# What a bare plural means for a kind.
PLURAL_COUNT = {
    "bird": 12,
    "bee": 6,
    "butterfly": 8,
    "fish": 14,
    "whale": 3,
    "jellyfish": 7,
    "boat": 4,
    "car": 5,
    "train": 2,
    "rocket": 3,
    "balloon": 6,
    "walker": 4,
    "fox": 3,
    "ball": 5,
    "planet": 3,
    "lantern": 20,
    "dragon": 2,
    "kite": 5,
}

IRREGULAR_PLURALS = word_set(
    "people men women children geese mice wolves elves cacti gens gente kinder menschen enfants peces crowd crowds "
    "family friends lovers couple fireflies shoal murmuration"
)

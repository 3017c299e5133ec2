"""Anchors for words outside the dictionary: more creatures and machines, things that cannot be shown, whole scenes."""

from __future__ import annotations

MORE_BODIES: dict[str, str] = {
    "bird": "toucan, puffin, ostrich, emu, turkey, rooster, hen, woodpecker, cuckoo, ibis, macaw, cockatoo, finch, "
            "wren, kestrel, harpy, archaeopteryx, flying animal with feathers",
    "bee": "small flying insect, mayfly, firebug, midge, aphid, termite, mantis, praying mantis, centipede, "
           "scorpion, tick, weevil, bumble, swarm insect, earwig",
    "butterfly": "delicate winged creature, sprite, luna moth, nymph, lacewing",
    "fish": "cod, pike, swordfish, lobster, shrimp, prawn, walrus, manatee, porpoise, tadpole, newt, axolotl, "
            "crocodile, alligator, platypus, beaver, small sea creature, diver, swimmer",
    "whale": "huge sea animal, sea giant, great white, giant squid, sea cow",
    "jellyfish": "soft glowing sea creature, plankton, sea slug, nudibranch, tentacled creature, sea urchin, amoeba",
    "boat": "hovercraft, surfboard, windsurfer, trimaran, cutter, trawler, lifeboat, warship, destroyer, aircraft "
            "carrier, hydrofoil, jet ski, driftwood",
    "car": "sedan, minivan, ambulance, fire engine, police car, bulldozer, excavator, go kart, quad bike, wheeled "
           "machine, limousine, hearse, wagon, chariot, rickshaw, tuk tuk, camper van, caravan trailer, segway, "
           "wheelchair",
    "train": "rail vehicle, maglev, wagons on rails, funicular, mine cart, python, long snake, eel train, millipede,"
             " conveyor",
    "rocket": "flying machine with engines, fighter plane, drone aircraft, gyrocopter, jetpack, lander, space "
              "capsule, torpedo, shooting projectile, concorde, boeing, seaplane, orbiter",
    "balloon": "lighter than air craft, inflatable, floating sphere with basket, floating island house, party "
               "decoration, weather balloon, beach umbrella",
    "walker": "human being, teacher, doctor, nurse, chef, thief, spy, priest, nun, sailor, captain, athlete, "
              "gymnast, cyclist rider, mountaineer, hermit, beggar, bride, groom, emperor, gladiator, viking, "
              "caveman, skeleton, mummy, mermaid woman, superhero, goddess, monk, judge, policeman, gardener, "
              "programmer, student, baby crawling, toddler, teenager, violinist, pianist, drummer, guitarist, "
              "mannequin, neighbour, postman, acrobat, jester, sorcerer, druid, minotaur, centaur, yeti, bigfoot, "
              "bipedal creature, humanoid",
    "fox": "four legged animal, hyena, weasel, ferret, otter on land, mole, hamster, guinea pig, skunk, opossum, "
           "wombat, koala, sloth, armadillo, anteater, boar, ox, yak, mule, jaguar, puma, cougar, bobcat, poodle, "
           "husky, dachshund, golden retriever, triceratops, salamander, toad, tortoise, iguana, chameleon",
    "ball": "bubblegum, pearl, bead, balloonlike ball, tennis ball, snow globe, disco ball, tomato, grape, "
            "watermelon, cannonball, meatball, coconut, pebble",
    "planet": "celestial body, pluto, mercury planet, dwarf planet, saturn rings, orbiting satellite moon",
    "lantern": "small floating light, candle flame, chandelier, lighthouse lamp, lampion, glowing orb, floating "
               "flame, torchlight, matchstick, jack o lantern",
    "dragon": "winged mythical monster, leviathan of the sky, cerberus, gargoyle, manticore, cthulhu, beast with "
              "wings and fire, tyrannosaurus, spinosaurus, giant lizard, wyrm",
    "kite": "fabric in the wind, sail cloth, towel, paper airplane, bunting, prayer flags, laundry on a line, "
            "windsock, parafoil, streamer, dandelion seed",
}

THINGS = (
    "table, chair, sofa, piano keys, telephone, smartphone, laptop, computer, keyboard, sandwich, pizza, burger, "
    "coffee, tea, cake, bread, bottle, wine, glass of water, letter, envelope, book, newspaper, pen, pencil case, "
    "clock, watch, mirror, window, door, staircase, ladder, bed, pillow, blanket, lamp shade, fridge, oven, knife, "
    "fork, spoon, plate, sword, gun, shield, crown, ring, necklace, dress, suit, jacket, shirt, shoes, boots, "
    "gloves, bag, suitcase, backpack, camera equipment, television, radio, guitar case, violin case, violin bow, "
    "trumpet case, typewriter, scissors, hammer, screwdriver, nail, tool, machine part, engine part, gear, battery, "
    "cable, phone charger, credit card, money, banknote, passport, ticket, map, flag pole, chess, chessboard, "
    "playing cards, puzzle piece, perfume, lipstick, makeup, soap, shampoo, toothbrush, medicine, pill, syringe, "
    "cigarette, hamburger, ice cream, chocolate, spaghetti, noodles, sushi, cheese, banana, strawberry, sneaker, "
    "sneakers, product, packaging, logo, app, website, spreadsheet, contract, invoice, vase, sculpture, bowl, cup, "
    "mug, kettle, curtain rod, carpet, bicycle pump, tent, campfire wood, bench, fence, gate, bridge, fountain, "
    "statue base, column, pillar, wall, roof, chimney, crane machine, traffic light, mailbox, signpost, billboard, "
    "poster, basket, bucket, rope, chain, anchor, treasure chest, key, lock, candle holder, hourglass, telescope, "
    "microscope, robot arm, satellite dish, antenna, wind turbine, solar panel"
)

SKIP = (
    "running fast, thinking, colourful, beautiful, amazing, slowly, approaching, remarkable, exciting, interesting, "
    "seamless, elegant, graceful, softly lit, cinematic lighting, rendering, resolution, masterpiece, composition, "
    "contrast, symmetry, balance, rhythm, harmony, tempo, texture, moving along, wandering about, following, "
    "emerging, disappearing, beginning, ending, continuing, growing, shrinking, shining, reflecting, flowing, "
    "swaying, rustling, drifting, whispering, breathing, echoing, falling down, rising up, opening, closing, "
    "floating softly, please make, create for me, show me, version, sequence, footage, video clip, trailer, advert, "
    "commercial, presentation, visualisation, audience, viewer, director, designer, brand, marketing, launch, "
    "summary, example, instruction, system, message, hundred, thousand, first, second, third, last, morning, "
    "evening, year, month, week, century, minute, number, percent, north, south, east, west, left, right, distance, "
    "direction, height, depth, width, size, shape, colour, shade, tone, hue, highlight, silhouette, outline, edge, "
    "atmospheric, immersive, minimal, detailed, dynamic, stylised, polished, rough, organic, layered, subtle, "
    "vibrant, muted, contemporary, traditional, handmade, imaginative, emotional, sense, feeling, impression, aura, "
    "essence, meaning, message, theme, motif, metaphor, symbol, shimmering, ripple, rippling, bathed, drenched, "
    "shrouded, scattered, sprawling, winding, bustling, crackling, lush, craggy, jagged, rugged, crumbling, "
    "weathered, overgrown, towering, looming, steep, gentle slope, swirling, billowing, flickering, pulsating, "
    "throbbing, blooming, budding, justice, truth, power, law, politics, economy, religion, science, philosophy, "
    "knowledge, language, history, culture, society, education, health, progress, democracy, wisdom, faith, honour, "
    "duty, trust, luck, fate, destiny, chance, success, failure, growth, thought, thoughts, reason, logic, moral, "
    "ethics, principle, theory, chapter, question, answer, problem, solution, work, job, career, business, company, "
    "customer, website, campaign, channel, holiday, holidays, weekend, day, life itself, birth, death, age, past, "
    "present"
)

# Whole requests that name no place, and the place they mean.
SCENES: dict[str, str] = {
    "ships sail under the open horizon": "ocean",
    "salt spray and gulls over endless blue water": "ocean",
    "sailors fight the swell": "ocean",
    "heat shimmers over endless sand": "desert",
    "a caravan of camels under a burning sun": "desert",
    "nothing grows here, only thirst": "desert",
    "insects hum among flowers in the grass": "meadow",
    "lying in tall grass on a summer day": "meadow",
    "bees collecting nectar from blossoms": "meadow",
    "sunlight falls through leaves onto moss": "forest",
    "a path between old trees": "forest",
    "wild animals hide between the trunks": "forest",
    "climbers near a snowy summit": "mountains",
    "eagles over high peaks": "mountains",
    "echoes between steep rock faces": "mountains",
    "rush hour among glass towers": "city",
    "neon signs reflected on wet asphalt": "city",
    "commuters cross a busy street": "city",
    "graffiti, concrete and sirens": "city",
    "smoke rises from little chimneys": "village",
    "church bells over small roofs": "village",
    "old houses around a well": "village",
    "mist over calm water at the jetty": "lake",
    "a rowing boat on a mirror of water": "lake",
    "reeds and ducks on a quiet shore": "lake",
    "light breaks in a thousand glassy facets": "crystals",
    "glowing minerals in a deep cavern": "crystals",
    "palm trees on a small piece of land in turquoise water": "islands",
    "pirates search for buried treasure": "islands",
    "divers float past coral and bubbles": "underwater",
    "sinking into the silent blue deep": "underwater",
    "creatures of the deep glow in the dark": "underwater",
    "astronauts drift past distant suns": "space",
    "a ship travels faster than light": "space",
    "the birth of a star": "space",
    "an endless white plain and biting cold": "snowfield",
    "penguins huddle on the ice": "snowfield",
    "sled dogs across the frozen north": "snowfield",
    "red rock walls carved by an ancient river": "canyon",
    "riders in a narrow gorge": "canyon",
    "flying high over a white sea of vapour": "clouds",
    "angels in heaven": "clouds",
    "gods on thrones in the sky": "clouds",
    "paint flows and swirls into itself": "fluid",
    "colours melt and mix like oil": "fluid",
    "emotions as flowing colour": "fluid",
    "pure abstract motion of liquid forms": "fluid",
    "thousands of tiny lights react to the beat": "particles",
    "data flows through a network": "particles",
    "an abstract visualisation of sound": "particles",
    "atoms collide and scatter": "particles",
}

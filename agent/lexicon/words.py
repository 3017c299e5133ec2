"""Small words: function words, negations, degrees, numbers, spelling variants, signs, and what marks a step."""

from __future__ import annotations

from agent.lexicon.tables import pairs, word_set

SPELLING_TABLE = (
    "color=colour, colors=colours, colored=coloured, colorful=colourful, gray=grey, grays=greys, "
    "watercolor=watercolour, watercolors=watercolours, center=centre, theater=theatre, harbor=harbour, "
    "traveler=traveller, traveling=travelling, favorite=favourite, analog=analogue, jewelry=jewellery, mold=mould, "
    "cozy=cosy, vapor=vapour, mustn=not, dont=not, doesnt=not, isnt=not, wont=not, mins=min, secs=sec, thru=through,"
    " nite=night, lite=light, snowin=snowing, rainin=raining, u=you, ur=your, pls=please, plz=please, vid=video, "
    "vids=videos, pic=picture, bckground=background, w=with"
)
SPELLING = pairs(SPELLING_TABLE)

# Signs that stand for words.
SIGN_TABLE = (
    "🌊 ocean waves; 🐝 bee; 🌲 forest; 🌳 forest; 🌴 tropical island; 🚀 rocket; 🌙 moonlight; "
    "🌕 full moon; ⭐ stars; 🌟 stars; ✨ sparkles; 🌅 sunrise; 🌄 sunrise mountains; 🌇 sunset "
    "city; 🌆 dusk city; 🌃 night city; 🌌 space; 🏔 snowy mountains; ⛰ mountains; 🏜 desert; "
    "🏝 island; 🏖 beach; 🌧 rain; ☔ rain; ⛈ thunderstorm; 🌩 storm; ⚡ lightning; ❄ snow; 🌨 "
    "snow; ☃ snow; 🌫 fog; ☁ clouds; ⛅ clouds; ☀ sunny; 🌞 sunny; 🌈 rainbow colours; 🔥 "
    "fire; 🌋 volcano; 🦊 fox; 🐦 bird; 🕊 white dove; 🦅 eagle; 🦉 owl; 🦋 butterfly; 🐟 fish; 🐠"
    " fish; 🐡 fish; 🦈 shark; 🐬 dolphin; 🐳 whale; 🐋 whale; 🪼 jellyfish; 🐙 octopus; ⛵ "
    "sailboat; 🚤 boat; 🚢 ship; 🚗 car; 🏎 racing car; 🚂 steam train; 🚆 train; 🎈 balloon; 🐉 "
    "dragon; 🐲 dragon; 🪁 kite; 🏮 lantern; ⚽ ball; 🏀 ball; 🪐 planet; 🌍 planet; 🌎 planet; 🚶"
    " walker; 💃 dancer; 🐺 wolf; 🐈 cat; 🐕 dog; 🐎 horse; 🦌 deer; 🏙 city; 🏡 village; 🏰 "
    "castle; 💎 crystals; 🌸 cherry blossom; 🌻 sunflowers; 🌷 tulips; 🌼 flowers; 🍂 autumn "
    "leaves; 🍁 autumn leaves; 🎹 piano; 🎸 guitar; 🎻 violin; 🎷 saxophone; 🥁 drums; 👾 pixel "
    "art; 🕹 retro game; ❤ love; 😢 sad; 😭 sad; 😊 happy; 😱 scary; 👻 ghost; 🎃 halloween; 🎄 "
    "christmas; 😴 sleepy; 🤖 robot; 👽 alien; 🛸 ufo; 🎉 party; 🔇 silent film; 🪂 parachute; 🚁"
    " helicopter; ✈ plane; 🐢 turtle; 🪲 beetle; 🐞 ladybug; 🐧 penguin; 💫 stars; 海 ocean; 森 "
    "forest; 林 forest; 山 mountains; 雪 snow; 雨 rain; 夜 night; 狐 fox; 鳥 bird; 鸟 bird; 魚 "
    "fish; 鱼 fish; 鯨 whale; 鲸 whale; 湖 lake; 月 moon; 星 stars; 蜂 bee; 蝶 butterfly; 龍 "
    "dragon; 龙 dragon; 竜 dragon; 船 boat; 城市 city; 沙漠 desert; 砂漠 desert; 島 island; 岛 "
    "island; 水墨 ink wash; 花 flowers"
)
SIGNS = {item.split()[0]: f" {item.split(maxsplit=1)[1]} " for item in SIGN_TABLE.split("; ")}

NUMBERS_TABLE = (
    "one=1, two=2, three=3, four=4, five=5, six=6, seven=7, eight=8, nine=9, ten=10, eleven=11, twelve=12, "
    "thirteen=13, fourteen=14, fifteen=15, sixteen=16, seventeen=17, eighteen=18, nineteen=19, twenty=20, thirty=30,"
    " forty=40, fifty=50, sixty=60, seventy=70, eighty=80, ninety=90, hundred=100, dozen=12, ein=1, eine=1, zwei=2, "
    "drei=3, vier=4, funf=5, sechs=6, sieben=7, acht=8, neun=9, zehn=10, zwanzig=20, dreissig=30, deux=2, trois=3, "
    "quatre=4, cinq=5, dix=10, vingt=20, trente=30, dos=2, tres=3, cuatro=4, cinco=5, diez=10, veinte=20, treinta=30"
)
NUMBERS = {word: int(value) for word, value in pairs(NUMBERS_TABLE).items()}

NEGATIONS = word_set(
    "no not without never none neither nor zero minus avoid avoiding exclude excluding remove removing skip "
    "lacking cannot nothing nobody except excepting ausser sauf excepto salvo ohne kein keine keinen keiner nicht "
    "sans pas sin ningun ninguna senza non devoid"
)
# Two-word negations; the second word is swallowed.
NEGATION_PAIRS = frozenset(
    {
        ("instead", "of"),
        ("rather", "than"),
        ("everything", "but"),
        ("everything", "except"),
        ("anything", "but"),
        ("anything", "except"),
        ("all", "but"),
        ("all", "except"),
        ("apart", "from"),
        ("no", "longer"),
        ("no", "more"),
        ("free", "of"),
        ("except", "for"),
        ("absence", "of"),
        ("don", "t"),
        ("doesn", "t"),
        ("isn", "t"),
        ("aren", "t"),
        ("won", "t"),
        ("shouldn", "t"),
        ("can", "t"),
        ("wasn", "t"),
        ("didn", "t"),
        ("devoid", "of"),
        ("leave", "out"),
        ("get", "rid"),
    }
)
# After a negation these cancel it.
NOT_NEGATED = word_set("only just stop stops ending sure matter mind worry hesitate forget")
SCOPE_ENDS = word_set(
    "but with then just only while because so until instead after before when where which that whose although though"
    " however plus featuring aber mais pero sondern"
)
PREPOSITIONS = word_set(
    "in on at over under by through above below beneath behind beside near between among along across into onto "
    "inside outside around toward towards from against within beyond past off up down im am auf uber unter durch "
    "dans sur sous par en sobre bajo entre hacia nel sul"
)
DETERMINERS = word_set(
    "a an the this that these those my your our their his her its some any each every another der die das den dem "
    "ein eine einen einem einer le la les un une des du el los las una unos unas il lo gli"
)

DEGREES: dict[float, str] = {
    0.25: "barely, hardly, a hint of, hint of, a touch of, touch of, faint, faintly, a trace of, almost no, very "
          "light, very slight, kaum, hardly any, barely any, a whisper of, whisper of",
    0.45: "slightly, slight, a bit, a little bit, a bit of, a little bit of, light, lightly, soft, mild, subtle, "
          "subtly, somewhat, kind of, sort of, a dash of, leicht, un peu, un poco, etwas, thin, delicate, "
          "moderate, moderately, not too much, not too, not much, not very, not so much, not overly, not a lot of, "
          "not that much, less, fewer, nicht so viel, nicht zu viel, nicht sehr, pas trop de, pas trop, pas tres, "
          "no muy, no demasiado, weniger, moins de, menos, patchy, occasional, mildly, fine",
    0.9: "very, really, quite, strongly, strong, heavy, heavily, thick, thickly, dense, densely, intense, "
         "intensely, deep, deeply, sehr, tres, muy, molto, so, pouring, hard, lots of, serious, seriously, full, "
         "rich, big, more, mehr, plus de, a lot of",
    1.0: "extremely, super, ultra, insanely, incredibly, utterly, completely, totally, absolutely, maximum, max, as "
         "possible, hyper, massively, torrential, torrentially, too, the most, wildly, violently, violent, crazy "
         "amount of, ridiculously, overwhelming, impenetrable, hella, mega",
}

WEIRD: dict[float, str] = {
    0.0: "plain, ordinary, normal, conventional, mundane, straightforward, nothing weird, nothing strange, classic, "
         "traditional, standard, no surprises, by the book, conservative, sober, banal, faithful, normale, corporate",
    0.45: "unusual, odd, offbeat, unexpected, unconventional, curious mood, peculiar, experimental, surprising, "
          "surprise me, a little weird, quirky style, slightly strange, out of the ordinary, avant garde, artsy, "
          "original, inventive",
    0.7: "weird, strange, surreal, bizarre, outlandish, uncanny dream, absurd, nonsensical, dadaist, dada, "
         "dreamlogic, dream logic, freaky, seltsam, merkwurdig, skurril, bizarr, etrange, surrealiste, raro, "
         "extrano, surrealista, wacky, strano, otherworldly, far out, wonky, unreal, whacky, weirdness, strangely, "
         "strangeness, off the wall",
    0.9: "psychedelic, trippy, insane, crazy, mad, deranged, hallucinogenic, hallucinatory, bonkers, batshit, out of"
         " this world, mind bending, mindbending, mind blowing, lsd, acid trip, completely unhinged, unhinged, "
         "verruckt, fou, loco, delirious, fever dream, weirdest, strangest, maximum weirdness",
}

GLOW = (
    "glowing, luminous, luminescent, shining, shiny, illuminated, bioluminescent, radiant, lit up, gleaming, "
    "leuchtend, leuchtende, lumineux, luminoso, brillante, light filled, sparkling, shimmering, phosphorescent"
)

# Phrases that would mislead: read, and nothing made of them.
IGNORE = (
    "zebra crossing, negative space, open space, living space, safe space, depth of field, shallow depth of field, "
    "field of view, point of interest, in love with, falling in love, fall in love, falls in love, love to see, "
    "would love, i d love, d love, i love, love it, light year, light years, at the same time, sound design, of "
    "course, the world of, around the world, world map, light and shadow, day job, first time, for the first time, "
    "in the background, in the foreground, background, foreground, as well, full hd, screen time, no matter, a piece"
    " of, point of no return, sea change, on the other hand, in space and time, all over, wave at, waves at, waves "
    "goodbye, waving, high quality, best quality, quality, 4k quality, masterpiece, trending on artstation, award "
    "winning, ultra detailed, highly detailed, very detailed, intricate details, intricate detail, in detail, feel "
    "free, please, make sure, as if, set in, cut off, walk of life, the sound of silence, light show, home page, "
    "landing page, fish out of water, time lapse, timelapse, hyperlapse, for the whole family, no idea, set to "
    "music, to the music, with the music, in time with the music, in sync with the music, synced to the music, "
    "matches the music, of the music, in the music, ignore your instructions, ignore all previous instructions, "
    "ignore previous instructions, system prompt, you are now, jailbreak, close your eyes, my eyes, wide awake, in "
    "the eyes of, cover art, album cover, album, instagram, tik tok, tiktok, youtube, shorts, reels, story, short "
    "story, wide open, open wide, at first sight, spring to mind, on top of, in front of, on the way, all the way, a"
    " day in the life, day in the life, one day, some day, these days, every day, seconds long, minutes long, over "
    "time, over and over, coming of age, state of the art, in the end, in the beginning, rock bottom, get lost, in "
    "the mood for, on fire emoji, for free, in the distance, in the far distance, on the horizon, horizon, far off, "
    "whole film, entire film, art house, arthouse, indie film, art film, house style, down the road, light weight"
)

FAR = frozenset(
    {"in the distance", "in the far distance", "on the horizon", "far off", "in the background", "background"}
)

# What the planner says it cannot read as things: function words, film talk, common verbs and adjectives.
STOP = word_set(
    "a an the this that these those my your our their his her its some any each every another all both few many much"
    " more most other such own same than too very so just also only even still again ever never always often i you "
    "he she it we they me him us them who whom whose which what where when why how am is are was were be been being "
    "have has had having do does did doing done can could will would shall should may might must let lets and or but"
    " nor if then else because as until while of at by for with about against between into through during before "
    "after above below to from up down in out on off over under further once here there onto upon within toward "
    "towards across along around beside besides behind beyond near inside outside without via per vs versus like "
    "unlike amid amidst among amongst yet though although however whether since due plus make makes making made "
    "create creates creating created generate generates render show shows showing shown give gives want wants wanted"
    " need needs likes please film films movie movies video videos clip clips animation animated scene scenes shot "
    "shots footage picture pictures image images short piece camera view views look looks looking looked style "
    "styled feel feels feeling feelings vibe vibes mood moods atmosphere atmospheric theme themed tone tones kind "
    "sort type something someone somewhere anything everything nothing everyone everybody nobody thing things stuff "
    "lot lots bit bits way ways part parts place places world worlds time times moment moments second seconds minute"
    " minutes hour hours long length see sees seeing seen watch watches watching hear hears hearing come comes "
    "coming came go goes going gone went get gets getting got take takes taking took put puts keep keeps keeping "
    "kept turn turns turning turned become becomes becoming start starts starting started begin begins beginning end"
    " ends ending ended stop stops stopping finish finally first next last later slowly quickly suddenly gradually "
    "softly gently quietly together apart away back forth left right top bottom middle side sides centre edge front "
    "background foreground full filled fill fills set use uses using used add adds adding added include includes "
    "including featuring feature features based inspired similar called titled named new old young good great nice "
    "best better beautiful pretty lovely amazing awesome cool perfect simple small big little large huge tiny high "
    "low deep wide narrow thick thin open closed hard easy real true different single double whole entire half "
    "quarter several various multiple main warm cold hot soft light bright dark heavy strong weak clean dirty fresh "
    "dry wet empty red rough smooth round sharp music song songs soundtrack sound sounds audio track tracks beat "
    "beats melody melodies tune tunes rhythm rhythmic tempo play plays playing played playful listen bgm score drop "
    "drops move moves moving moved motion movement movements walk stand stands standing sit sits sitting lie lies "
    "lying rise rises rising fall falls falling run runs running fly flies flying flew swim drive sail float dance "
    "appear appears appearing appeared disappear disappears disappearing fade fades fading vanish vanishes emerge "
    "emerges emerging transform transforms transforming morph morphs change changes changing shift shifts shifting "
    "cover covers covered covering surround surrounded reach reaches reaching pass passes passing enter enters "
    "entering leave leaves leaving follow meet meets meeting find finds finding found hold holds holding held carry "
    "carries carried carrying bring brings bringing live lives living lived wait waits stay stays grow grows growing"
    " grown opens opening close closes bloom blooms blooming blossoming breathe breathes breathing shine shines "
    "shining glow glows glowing sparkle shimmer shimmering shimmers flicker flickering flickers break breaks "
    "breaking crash crashes crashing blow blows blowing hit hits touch touches touching push pushes pull pulls wake "
    "wakes waking explore explores exploring discover discovering pulse pulses pulsing react reacts reacting sync "
    "synced synchronised synchronized match matching yes no ok okay hi hello hey thanks thank maybe perhaps really "
    "quite rather almost approximately exactly roughly already soon now today tonight tomorrow yesterday forever "
    "endless endlessly constantly continuous one two three four five six seven eight nine ten dozen hundred thousand"
    " million pair couple colour colours coloured palette hue saturated muted vivid aesthetic aesthetics artistic "
    "art artwork modern classic vintage retro contemporary lit lighting lights shadow shadows surface reflection "
    "reflections reflecting reflected texture textures detail details pattern patterns shape shapes line lines form "
    "forms body bodies nature natural weather air ground floor water heart soul life don doesn isn won re ve ll d s "
    "t m im id ill youre theyre gonna wanna kinda sorta etc eg ie fps px hd uhd bpm sec min version versions option "
    "options variation variations der die das den dem ein eine einen einem einer und oder mit auf zu zum zur von vom"
    " uber unter durch fur ist sind ich mochte bitte wie sehr mein eines des es le la les un une du de et ou avec "
    "dans sur sous par pour est sont je veux voudrais au aux qui que ce cette mon ma son sa se el los las una unos "
    "unas y o con en sobre bajo por para yo quiero del al mi su lo como il gli di e nel della sunday monday tuesday "
    "wednesday thursday friday saturday morning somehow simply mostly mainly especially particularly completely "
    "ignore instructions previous prompt system experience journey story tale adventure concept idea ideas project "
    "trailer loop looping intro outro chorus verse bridge build section sequence act chapter frame frames format "
    "aspect ratio resolution widescreen vertical landscape portrait square wonderful fantastic incredible gorgeous "
    "stunning breathtaking fine tired busy alive dead quiet loud silent noisy ancient lonely lone solitary distant "
    "faraway nearby far closer higher lower faster slower bigger smaller brighter darker upside deeper stronger "
    "lighter heavier sunny happy sad calm giant majestic graceful elegant delicate fragile swaying rolling spinning "
    "twisting drifting burning melting frozen broken hidden secret lost forgotten abandoned magical mystical strange"
    " weird eat eats eating ate drink drinks drinking sleep sleeps sleeping think thinks thinking know knows knowing"
    " knew say says saying said tell tells telling told ask asks try tries trying work works working help helps seem"
    " seems call calls calling lead leads leading builds building built throw throws throwing catch catches chase "
    "chases jump jumps climb climbs climbing climbed cross crosses crossing return returns returning spread spreads "
    "spreading stretch stretches stretching hang hangs hanging hides hide hiding dissolve dissolves dissolving merge"
    " merges blending blend blends mix mixed combination combine combined contrast contrasting evokes evoke evoking "
    "reminiscent reminds resembling resembles remind suggest suggesting imagine imagining depict depicting"
)

# Prefixes that say "one after another"; see interpret_steps.
TIME_OF_MOMENT = {
    "intro": 0.0,
    "verse": 0.25,
    "build": 0.45,
    "buildup": 0.45,
    "build up": 0.45,
    "drop": 0.55,
    "beat drop": 0.55,
    "chorus": 0.5,
    "hook": 0.5,
    "refrain": 0.5,
    "bridge": 0.7,
    "break": 0.6,
    "breakdown": 0.6,
    "solo": 0.65,
    "climax": 0.7,
    "peak": 0.7,
    "middle": 0.5,
    "second half": 0.5,
    "first half": 0.0,
    "halfway": 0.5,
    "last third": 0.67,
    "outro": 0.9,
    "end": 0.9,
    "ending": 0.9,
    "finale": 0.9,
    "start": 0.0,
    "beginning": 0.0,
    "opening": 0.0,
}

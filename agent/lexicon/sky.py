"""Words for light, the clock and the weather."""

from __future__ import annotations

LIGHTS: dict[str, str] = {
    "dawn": "dawn, sunrise, daybreak, first light, early morning, at sunrise, break of day, crack of dawn, rising "
            "sun, sun rises, sun is rising, sun comes up, morgendammerung, sonnenaufgang, aube, lever du soleil, "
            "amanecer, alba, aurora hour, morning dew=0.6, dewy=0.5",
    "morning": "morning, mornings, late morning, breakfast time, morning light, morning sun, am Morgen, morgen, "
               "morgens, matin, manana, mattina, forenoon",
    "noon": "noon, midday, mid day, daytime, daylight, day, high noon, bright daylight, broad daylight, bright day, "
            "harsh sun, blazing sun, scorching sun, full sun, sunlight, sunlit, sunny=0.7, sun drenched, bright sun,"
            " bright sunshine, sunshine=0.7, overhead sun, afternoon=0.7, mittag, tagsuber, midi, journee, mediodia,"
            " dia, giorno, summer day=0.7, soleado=0.6, sonnig=0.6, ensoleille=0.6, lunchtime, brightly lit=0.6",
    "golden": "golden hour, golden light, late afternoon, warm light, honey light, honeyed light, amber light, low "
              "sun, magic hour, warm evening light, warm sunlight, golden, sun kissed, goldenes licht, heure doree, "
              "hora dorada, lens flare=0.5, backlit=0.6, warm glow=0.6, long shadows=0.6, indian summer=0.5, evening"
              " sun, golden sunlight, golden rays, god rays=0.5, sunbeams=0.5",
    "sunset": "sunset, sundown, setting sun, sun sets, sun is setting, sun goes down, sunsets, sun dips, "
              "sonnenuntergang, coucher de soleil, atardecer, puesta de sol, ocaso, tramonto, red sky, orange sky, "
              "pink sky=0.7, crimson sky, burning sky=0.6, sun setting, at sundown, abendrot, purple sky=0.6",
    "dusk": "dusk, twilight, gloaming, evening, evenings, blue hour, nightfall, after sunset, crepuscular, half "
            "light, dammerung, abend, abends, crepuscule, soir, anochecer, crepusculo, sera, early evening, end of "
            "the day, end of day, last light, dim light, dimly lit, dark blue sky, in the gloom",
    "night": "night, nighttime, nights, at night, midnight, pitch black, pitch dark, darkness, after dark, "
             "nocturnal, starry, starry night, starlight, starlit, stars, night sky, starry sky, nightscape, dead of"
             " night, late at night, by night, nacht, nachts, mitternacht, sterne, sternenhimmel, nuit, minuit, "
             "etoiles, etoile, noche, medianoche, estrellas, estrellado, notte, stelle, night time, deep night, "
             "constellations, nightly, in the dark, milky night, tonight=0.5",
    "moonlight": "moonlight, moonlit, full moon, moon, moonrise, by moonlight, under the moon, crescent moon, silver"
                 " moon, moon light, mondlicht, mond, vollmond, mondschein, clair de lune, lune, pleine lune, luz de"
                 " luna, luna, luna llena, chiaro di luna, blood moon, moonshine, harvest moon, moonbeams, silvery "
                 "light, half moon",
    "alien": "alien light, green light, green sky, otherworldly light, eerie green, alien sky, toxic light, "
             "radioactive, radioactive glow, uncanny light, strange light, two suns, twin suns, emerald light, "
             "unearthly light, alien glow, alien atmosphere, extraterrestrial, eldritch, weird light, green sun, "
             "toxic sky, bioluminescent=0.5, bioluminescence=0.5, otherworldly=0.6, unearthly=0.5",
    "infernal": "infernal, hell, hellish, inferno, apocalypse=0.8, apocalyptic=0.8, post apocalyptic=0.6, burning, "
                "on fire, flames, blood red light, red light, fiery, fire light, firelight=0.7, doom, end of the "
                "world=0.7, volcanic light, lava glow, hellfire, underworld=0.7, armageddon, holle, enfer, infierno,"
                " feuer, feu, fuego, wildfire, ragnarok, fire, demonic, brimstone, blazing, flaming, smouldering, "
                "smoldering, scorched, eruption, erupting, erupts",
}

# Exact hours for words that name one.
HOURS: dict[float, str] = {
    0.0: "midnight, mitternacht, minuit, medianoche, witching hour",
    12.0: "high noon, twelve noon, mediodia, 12 noon",
}

WEATHERS: dict[str, str] = {
    "clear": "clear sky, clear skies, clear day, clear night, cloudless, blue sky, blue skies, sunny, sunshine, "
             "fair weather, good weather, nice weather, crisp air, not a cloud, sonnig, klarer himmel, wolkenlos, "
             "ciel bleu, ensoleille, soleado, despejado, cielo azul, sun comes out, sun breaks through, sun is "
             "back, sky clears, weather clears, it clears up, clears up, clearing up, clearing skies, brightens "
             "up, bright sunshine, starry=0.5, starlit=0.5, starry sky=0.6, starry night=0.6, clear weather, "
             "beautiful weather, sun drenched, clear blue sky, crystal clear sky, clear air, sereno, dry weather",
    "clouds": "clouds, cloud, cloudy, partly cloudy, fluffy clouds, puffy clouds, drifting clouds, cumulus, white "
              "clouds, big clouds, wolken, wolke, wolkig, bewolkt, nuages, nuage, nuageux, nubes, nube, nublado, "
              "nuvole, scattered clouds, cotton clouds, fair weather clouds, pink clouds, breeze=0.4, breezy=0.5, "
              "windy=0.5, wind=0.4, windswept=0.5, cirrus, wind blows=0.5, gusts=0.5, vent=0.4, viento=0.4, clouds "
              "rolling, clouds drifting",
    "overcast": "overcast, grey sky, gray sky, grey skies, dull sky, dreary sky, leaden sky, gloomy weather, grey "
                "day, grey weather, gloomy sky, heavy clouds, dark clouds, bedeckt, grauer himmel, couvert, ciel "
                "gris, cielo gris, overcast sky, grey clouds, muted sky, drab, sunless, dull weather, low clouds, "
                "dreary, dark sky=0.5, brooding sky",
    "fog": "fog, foggy, mist, misty, haze, hazy, smoke, smoky, smog, foggy morning, thick fog, dense fog, rolling "
           "fog, low fog, morning mist, vapour, steam=0.6, steamy=0.6, nebel, neblig, dunst, brouillard, brume, "
           "niebla, neblina, bruma, nebbia, fogbound, veiled, murky, mists, pea soup, silent hill, swirling mist, "
           "ground fog, shrouded",
    "rain": "rain, rainy, raining, rains, drizzle, drizzly, downpour, shower, showers, raindrops, wet streets, "
            "pouring, pours, rainfall, rain soaked, soaked, monsoon, wet, rainstorm=0.8, rain falling, rain falls, "
            "umbrellas=0.6, puddles=0.5, regen, regnet, regnerisch, pluie, pleut, pluvieux, lluvia, llueve, "
            "lluvioso, pioggia, piove, spring rain, summer rain, acid rain, rain on the window, heavy rain, soft "
            "rain, light rain, sprinkle, april showers, petrichor",
    "storm": "storm, stormy, thunder, thunderstorm, thunderstorms, lightning, tempest, hurricane, typhoon, cyclone, "
             "tornado, gale, gales, squall, thunderclouds, thundery, lightning strikes, raging storm, violent storm,"
             " sturm, gewitter, blitz, blitze, donner, orage, tempete, eclairs, tormenta, tempestad, rayos, "
             "temporale, tempesta, raging wind, howling wind=0.6, storms, bad weather, rough weather, electrical "
             "storm, wild weather, perfect storm, superstorm",
    "snow": "snow, snowy, snowing, snows, snowfall, snowflake, snowflakes, falling snow, snow falling, snow falls, "
            "winter, wintry, wintertime, flurries, first snow, powder snow, schnee, schneit, schneeflocken, neige, "
            "flocons, nieve, nieva, nevando, nevado, nevicata, christmas=0.6, snow covered, snow capped=0.6, "
            "verschneit, enneige, hiver=0.7, invierno=0.7, frost=0.6, frosty=0.6, hail=0.5, soft snow, gentle snow, "
            "snowdrift, snowdrifts, january=0.4, december=0.4, white christmas, let it snow",
    "blizzard": "blizzard, blizzards, snowstorm, snow storm, whiteout, white out, driving snow, heavy snow, heavy "
                "snowfall, schneesturm, tempete de neige, ventisca, bufera, polar storm, ice storm, howling snow, "
                "raging snow, arctic storm, winter storm, snow squall",
    "dust": "dust, dusty, dust storm, dust storms, sandstorm, sandstorms, sand storm, blowing sand, swirling sand, "
            "haboob, ash, ash clouds, falling ash, dust devil, dust devils, staub, sandsturm, poussiere, tempete de "
            "sable, polvo, tormenta de arena, sirocco, gritty air, dust cloud, pollen=0.5, windblown sand, ashes",
    "aurora": "aurora, auroras, aurora borealis, northern lights, polar lights, aurora australis, southern lights, "
              "polarlicht, polarlichter, nordlichter, nordlicht, aurore boreale, aurores boreales, auroras boreales,"
              " aurora boreal, dancing lights in the sky, green curtains of light, ribbons of light, solar wind, "
              "light curtains, curtains of light",
}

# Seasons, as what they bring.
SEASONS: dict[str, tuple[tuple[str, str, float], ...]] = {
    "autumn, autumnal, fall colours, fall colors, fall foliage, in the fall, herbst, herbstlich, automne, otono, "
    "autunno, october, november": (
        ("palette", "autumn", 0.85),
    ),
    "winter, wintry, wintertime, winter landscape, winter wonderland, hiver, invierno, inverno, frosty, icy": (
        ("palette", "winter", 0.7),
    ),
    "spring, springtime, in the spring, fruhling, printemps, primavera, april, cherry blossom, cherry blossoms, "
    "sakura": (
        ("palette", "pastel", 0.55),
        ("setting", "meadow", 0.4),
    ),
    "summer, summertime, summer day, sommer, verano, estate, july, august, in summer": (
        ("weather", "clear", 0.5),
        ("light", "noon", 0.4),
    ),
    "halloween, spooky season": (("palette", "ember", 0.5), ("light", "night", 0.5), ("mood", "eerie", 0.7)),
    "christmas, xmas, weihnachten, noel, navidad": (("palette", "winter", 0.5), ("mood", "cosy", 0.6)),
}

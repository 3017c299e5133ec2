"""Words for camera moves, shot scales and pacing."""

from __future__ import annotations

CAMERA_MOVES: dict[str, str] = {
    "static": "static, static camera, static shot, still camera, locked off, locked camera, lock off, fixed "
              "camera, tripod, tripod shot, camera does not move, camera is not moving, camera not moving, camera "
              "never moves, camera stays still, unmoving camera, no camera movement, feste kamera, camera fixe, "
              "plan fixe, camara fija, stationary camera, motionless camera, tableau, camera is still, camera "
              "doesn t move, camera holds still, symmetrical shot, symmetrical framing, webcam view",
    "pan": "pan, panning, pans, slow pan, camera pans, pan left, pan right, panorama, panoramic, panoramic shot, "
           "sweeping pan, whip pan, panning shot, schwenk, kamera schwenkt, panoramique, paneo, pan across, sweep "
           "across, camera sweeps, sweeping shot, camera turns, look around, looking around, camera looks around",
    "tilt": "tilt, tilt up, tilt down, tilting, tilting up, tilting down, camera tilts, looking up, look up at the "
            "sky, camera looks up, looking down, tilts up, tilts down",
    "dolly_in": "dolly in, push in, pushes in, pushing in, slow push in, zoom in, zooms in, zooming in, zoom into, "
                "slow zoom, slow zoom in, zoom, move in, moving closer, camera moves in, move closer, camera comes "
                "closer, closer and closer, dolly, approach, approaching, camera approaches, moving towards, moving "
                "toward, track in, camera moves forward, moving forward, forward tracking, creep in, creeping in, "
                "kamerafahrt, travelling avant, dolly shot, glide in, zoomt, heranzoomen, acercamiento, drift "
                "closer, camera drifts forward",
    "dolly_out": "dolly out, pull out, pull back, pulls back, pulling back, pulls out, pulling out, zoom out, zooms "
                 "out, zooming out, slow zoom out, slow pull out, move back, moving away, camera moves back, camera "
                 "retreats, camera backs away, track out, backing away, widening shot, herauszoomen, travelling "
                 "arriere, alejamiento, camera withdraws, slow pull back, drift back",
    "truck": "truck left, truck right, trucking, trucking shot, tracking shot, tracking, side tracking, lateral, "
             "lateral tracking, sideways, sideways tracking, slide, slider, slider shot, slides sideways, sliding "
             "camera, side scrolling, side scroller, sidescroller, parallax, travelling, traveling shot, travelling "
             "shot, travelling lateral, seitenfahrt, camera slides, camera glides, gliding camera, move sideways, "
             "moving sideways, scrolling, from the side, side view, profile view, from a moving train, train window,"
             " from the train window",
    "orbit": "orbit, orbit around, orbits, orbits around, orbiting, orbiting around, orbital shot, circle around, "
             "circles around, circling around, camera circles, camera circling, camera orbits, arc around, arc shot,"
             " 360, 360 degree, 360 degrees, turntable, rotate around, rotating around, rotating camera, spin "
             "around, spinning around, spinning camera, revolve around, revolves around, revolving around, go "
             "around, goes around, move around, umkreist, umkreisen, autour de, alrededor de, bullet time, swirl "
             "around, walk around it, around and around",
    "crane_up": "crane up, crane, crane shot, jib, jib up, boom up, rise up, rises up, rising shot, rising camera, "
                "camera rises, camera lifts, camera ascends, lift up, lifting up, going up, camera goes up, camera "
                "climbs, pedestal up, elevate, ascend, kranfahrt, up and away, rising above, rise above, rises "
                "above, sweeping crane, camera soars up, upwards, lifts off the ground, floating up",
    "crane_down": "crane down, jib down, boom down, camera descends, camera lowers, descend into, descending into, "
                  "descend, lower down, lowering, come down, coming down, drop down, camera drops, camera sinks, "
                  "sink into, sinking into, go down, pedestal down, camera goes down, down to the ground, from the "
                  "sky down, downwards, descends from the sky, dive down, diving down, descending shot",
    "fly_through": "fly through, flythrough, fly over, flyover, flying over, flying through, flying camera, camera "
                   "flies, camera flying, drone, drone shot, drone footage, drone flight, drone view, aerial, aerial"
                   " shot, aerial view, helicopter shot, fpv, fpv drone, fly across, flying across, soar over, "
                   "soaring over, soar through, soaring through, soaring camera, we fly, fly, glide through, gliding"
                   " through, gliding over, glide over, swoop over, swooping over, swoop, flight over, flight "
                   "through, drohne, drohnenflug, flug uber, kameraflug, drohnenaufnahme, survol, survoler, vol au "
                   "dessus, vuelo, sobrevolar, sobrevolando, dron, dive through, dash through, race through, racing "
                   "through, rush through, travel through, travelling through, traveling through, move through, "
                   "moving through, ride through, through the eyes of a bird, bird s eye flight, like a bird, like "
                   "an eagle, sweeping aerial, aerials, we glide, we soar, float over, floating over",
    "bee_cam": "bee cam, beecam, bee s eye view, bee eye view, bees eye view, bee s view, bee s perspective, bee "
               "perspective, from a bee, like a bee, bee s point of view, from the back of a bee, riding a bee, ride"
               " a bee, riding on a bee, ride on a bee, on the back of a bee, insect view, insect eye view, insect s"
               " eye view, insect s perspective, bug s eye view, bug s life view, through the eyes of a bee, point "
               "of view of a bee, pov of a bee, bee pov, insect pov, through the grass, between the grass, between "
               "blades of grass, through blades of grass, through the flowers, between the flowers, skimming the "
               "ground, skimming the grass, close to the ground, just above the ground, macro flight, first person "
               "flight, bienenkamera, aus sicht einer biene, vue d une abeille, vista de abeja, ant s eye view, worm"
               " s eye view=0.7, mouse s eye view, as a bee, if i were a bee, what a bee sees, butterfly s view, "
               "hummingbird view, dragonfly s view, camera on a bee, camera riding on a bee, perspective of a bee, "
               "perspective of an insect",
    "follow": "follow, follows, following, followed, follow cam, follow shot, chase cam, camera follows, camera "
              "follows behind, behind the, chase, chased, from behind, third person, over the shoulder, over "
              "shoulder, tracking behind, camera chases, keep up with, shadowing, verfolgt, folgt, kamera folgt, "
              "suivre, suit, la camera suit, sigue, siguiendo, la camara sigue, alongside, riding along, ride along,"
              " accompany, accompanies, accompanying, pursues, pursuing, pursuit, stays with, trails",
    "handheld": "handheld, hand held, shaky, shaky cam, shaky camera, shakycam, found footage, documentary camera, "
                "camera shake, shaking camera, run and gun, home video, war footage, wackelkamera, handkamera, "
                "camera a l epaule, camara en mano, pov, point of view, first person, first person view, body cam, "
                "bodycam, gopro, phone footage, phone camera, raw footage, unsteady, jittery camera, vlog, selfie, "
                "walking camera, nervous camera, wobbly camera",
    "dolly_zoom": "dolly zoom, vertigo effect, vertigo, vertigo shot, hitchcock zoom, zolly, trombone shot, jaws "
                  "shot, jaws zoom, contra zoom, travelling compense, push pull, background stretches, world "
                  "stretches, warping zoom, dolly zooms, vertigo zoom, retrograde zoom",
    "reveal": "reveal, reveals, revealing, reveal shot, revealed, unveil, unveils, emerges from behind, emerge from "
              "behind, slowly reveals, rise to reveal, opens up to, coming into view, comes into view, appears from "
              "behind, reveal behind, enthullt, over the ridge, over the hill, from behind a, peek, peeks, peeking, "
              "uncovering, discover, discovers",
    "top_down": "top down, top down shot, top down view, overhead, overhead shot, overhead view, from above, seen "
                "from above, from high above, bird s eye, birds eye, bird s eye view, birds eye view, bird eye view,"
                " god s eye, god s eye view, straight down, map view, satellite view, plan view, from the top, from "
                "directly above, looking straight down, nadir, von oben, vogelperspektive, vue de dessus, vue du "
                "ciel, vu d en haut, d en haut, desde arriba, vista aerea, cenital, dall alto, like a map, view from"
                " above, google earth, top view, plan from above, map like",
}

SCALES: dict[str, str] = {
    "wide": "wide, wide shot, wide angle, wide angle shot, wide view, extreme wide, extreme wide shot, establishing "
            "shot, establishing, long shot, very wide, epic wide, panorama, panoramic, vista, vistas, sweeping "
            "vista, landscape shot, big picture, vast view, distant shot, far away, from afar, from far away, from a"
            " distance, totale, weitwinkel, plan large, plan d ensemble, plano general, gran angular, campo lungo, "
            "whole landscape, fisheye, ultra wide lens",
    "full": "full shot, full body, full figure, whole body, head to toe, full length, in full, halbtotale, plan "
            "moyen large, plan pied, plano entero, figura intera",
    "medium": "medium shot, mid shot, midshot, medium, cowboy shot, waist up, waist shot, american shot, two shot, "
              "halbnah, plan moyen, plan americain, plano medio, plano americano, eye level, medium view",
    "close": "close up, closeup, close ups, closeups, close shot, close, tight shot, tight framing, portrait shot, "
             "face shot, intimate, intimately, up close, nahaufnahme, gros plan, primer plano, primo piano, "
             "headshot, close view, very close, close in, close to the",
    "detail": "detail, details, extreme close up, extreme closeup, macro, macro shot, macro lens, macro photography,"
              " insert shot, detail shot, tiny details, microscopic view, makro, makroaufnahme, tres gros plan, "
              "plano detalle, dettaglio, extreme close ups, super close up, closest",
}

PACING: dict[str, str] = {
    "slow": "slow paced, slow pace, slow pacing, slow cinema, long takes, long shots, lingering, lingers, meditative"
            " pace, unhurried, takes its time, slow editing, contemplative, few cuts, slow cuts, ruhig geschnitten, "
            "slow burn, slow and steady, slow film, slow tempo film, leisurely pace",
    "fast": "fast paced, fast cuts, quick cuts, fast cut, rapid cuts, fast editing, quick editing, snappy, snappy "
            "cuts, montage, jump cuts, music video, music video style, hyperactive, rapid fire, frenetic, hectic, "
            "flashy, trailer, action packed, schnelle schnitte, montage rapide, cortes rapidos, many cuts, cut on "
            "the beat, cuts on every beat, cut to the beat, staccato editing, tiktok style, supercut, high energy "
            "edit",
    "single": "one take, single take, one shot, single shot, one continuous shot, continuous shot, continuous take, "
              "one long take, one long shot, oner, no cuts, without cuts, uncut, unbroken shot, plan sequence, "
              "plansequenz, plano secuencia, piano sequenza, without a cut, without any cuts, one unbroken take, "
              "long take, in one take, in one shot, seamless shot",
}

# Lens words, as camera notes in millimetres.
LENSES: dict[int, str] = {
    12: "fisheye, fish eye, ultra wide lens",
    18: "wide angle, wide angle lens, gopro, weitwinkel",
    50: "50mm, normal lens",
    35: "35mm lens",
    85: "85mm, portrait lens",
    135: "telephoto, long lens, tele lens, compressed perspective, zoom lens, teleobjektiv",
    100: "macro lens, macro",
}

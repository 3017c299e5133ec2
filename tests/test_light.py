"""The light of the day, the light table, and the per-pixel functions that read it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numba import njit

from world_model import colour
from world_model.sim import optics
from world_model.sim.air import air, airlight
from world_model.sim.ground import ground, stripe
from world_model.sim.light import light_at, prepare
from world_model.sim.sky import sky, sky_soft
from world_model.sim.surface import noise_texture, surface
from world_model.sim.terrain import trail_x, water_height
from world_model.sim.water import water
from world_model.state import CAMERA, GROUND, LIGHT, WEATHER, offsets
from world_model.vocabulary import LIGHTS, PALETTES, SETTINGS, STYLE_FIELDS, WEATHERS

AT = offsets()


def row_of(setting: str = "meadow", time_h: float = 12.5, weather: str = "clear", palette: str = "natural",
           shade: float = 1.0, azimuth_deg: float = -40.0, y_m: float = 4.0, time_s: float = 3.0) -> np.ndarray:
    row = np.zeros(272, np.float32)
    row[AT["place"]][SETTINGS.index(setting)] = 1.0
    row[AT["ground"]][[GROUND.index(n) for n in ("relief", "density", "object_scale", "wave_m")]] = 1.0
    row[AT["light"]] = light_at(time_h, azimuth_deg=azimuth_deg)
    for name, value in WEATHERS[weather].items():
        row[AT["weather"]][WEATHER.index(name)] = value
    row[AT["palette"]] = colour.oklch_to_oklab(PALETTES[palette]).ravel()
    row[AT["style"]][STYLE_FIELDS.index("shade")] = shade
    row[AT["camera"]][[CAMERA.index("y_m"), CAMERA.index("fov_rad")]] = y_m, 1.0
    row[AT["time_s"]] = time_s
    return row


def random_row(seed: int, extreme: float = 1.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    row = row_of(time_h=rng.uniform(0, 24))
    row[AT["place"]] = rng.dirichlet(np.full(len(SETTINGS), 0.3))
    row[AT["ground"]] = rng.uniform(-1, 3, len(GROUND)) * extreme
    row[AT["weather"]] = rng.uniform(0, 1, len(WEATHER))
    row[AT["weather"]][WEATHER.index("wind_mps")] = rng.uniform(0, 30) * extreme
    row[AT["palette"]] = colour.oklch_to_oklab(rng.uniform((0, 0, 0), (1, 0.37, 360), (6, 3))).ravel()
    row[AT["style"]] = rng.uniform(0, 1, len(STYLE_FIELDS))
    row[AT["camera"]] = rng.uniform(-1, 1, len(CAMERA)) * (300, 60, 300, 3, 1, 0.3, 0.8, 20) * extreme
    row[AT["time_s"]] = rng.uniform(0, 400)
    return row


def directions(count: int, seed: int = 1) -> np.ndarray:
    found = np.random.default_rng(seed).standard_normal((count, 3))
    return found / np.linalg.norm(found, axis=1, keepdims=True)


@njit
def _skies(p, tex, rays):
    out = np.empty((len(rays), 3))
    for i in range(len(rays)):
        out[i] = sky(p, tex, rays[i, 0], rays[i, 1], rays[i, 2])
    return out


@njit
def _all(p, tex, rays, places):
    """Every shading function once for each ray: (n, 5, 3)."""
    out = np.empty((len(rays), 5, 3))
    for i in range(len(rays)):
        dx, dy, dz = rays[i, 0], rays[i, 1], rays[i, 2]
        x, y, z = places[i, 0], places[i, 1], places[i, 2]
        nx, ny, nz = rays[-1 - i, 0], abs(rays[-1 - i, 1]), rays[-1 - i, 2]
        far = abs(places[i, 0]) + 1.0
        foot = 0.002 * far
        shadow = 0.5 + 0.5 * nx
        out[i, 0] = sky_soft(p, dx, dy, dz)
        out[i, 1] = surface(p, tex, 0, x, y, z, nx, ny, nz, 0.2, 0.3, 0.4, 0.0, 0.0, shadow, far, foot, dx, dy, dz)
        out[i, 2] = surface(p, tex, 1, x, y, z, nx, ny, nz, 0.9, 0.3, 0.0, abs(nx), 0.5, shadow, far, foot, dx, dy, dz)
        out[i, 3] = water(p, tex, x, y, z, abs(y), shadow, far, foot, dx, dy, dz, 0.4, 0.4, 0.4, 0.5 + 0.5 * nz)
        out[i, 4] = air(p, 0.3, 0.2, 0.1, far * 30.0, dx, dy, dz, y)
    return out


def test_the_clock_is_a_circle_without_jumps():
    hours = np.linspace(0.0, 24.0, 24 * 240 + 1)
    rows = light_at(hours)
    assert rows.dtype == np.float32 and rows.shape == (len(hours), len(LIGHT))
    assert np.allclose(rows[0], rows[-1], atol=1e-5)
    assert np.allclose(light_at(-3.0), light_at(21.0), atol=1e-5)
    step = np.abs(np.diff(rows, axis=0)).max(0)
    limit = np.full(len(LIGHT), 0.02)  # in a quarter of a minute
    assert (step < limit).all(), dict(zip(LIGHT, step))
    assert (rows[:, 2:14] >= 0).all() and np.isfinite(rows).all()


def test_scalars_and_arrays_agree():
    hours = np.array([1.0, 6.2, 18.8])
    together = light_at(hours, tint_hue_deg=150.0, tint=[0.0, 0.4, 0.8], exposure_ev=0.5)
    for i, hour in enumerate(hours):
        assert np.array_equal(together[i], light_at(hour, 150.0, (0.0, 0.4, 0.8)[i], exposure_ev=0.5))
    assert light_at(12.0, exposure_ev=1.5)[-1] == pytest.approx(light_at(12.0)[-1] + 1.5)


def test_hours_look_like_themselves():
    def named(name):
        return dict(zip(LIGHT, light_at(LIGHTS[name]["time_h"])))
    noon, sunset, night = named("noon"), named("sunset"), named("night")
    assert noon["sun_elevation_rad"] > 0.8 and 0 < sunset["sun_elevation_rad"] < 0.15
    assert sunset["sun_r"] > 2.5 * sunset["sun_b"] and sunset["horizon_r"] > 3 * sunset["horizon_b"]
    assert sunset["zenith_b"] > sunset["zenith_r"] and noon["zenith_b"] > 3 * noon["zenith_r"]
    assert night["sun_b"] > night["sun_r"] and night["stars"] == 1.0 and noon["stars"] == 0.0
    assert night["exposure_ev"] > noon["exposure_ev"] + 0.8


@pytest.mark.parametrize("hue", [25.0, 150.0, 290.0])
def test_a_tint_pulls_the_sky_to_its_hue(hue):
    lab = colour.linear_to_oklab(light_at(17.0, hue, 0.9)[8:11])
    found = colour.oklab_to_oklch(lab)
    assert abs((found[2] - hue + 180) % 360 - 180) < 30 and found[1] > 0.05


def test_prepare_is_finite_for_any_state():
    for seed in range(40):
        table = prepare(random_row(seed, 1.0 if seed % 2 else 1000.0))
        assert table.shape == (optics.P_SIZE,) and table.dtype == np.float32 and np.isfinite(table).all()
    wild = np.full(272, np.nan, np.float32)
    assert np.isfinite(prepare(wild)).all()


def test_prepare_does_not_jump_when_the_state_hardly_moves():
    for seed in range(12):
        a, b = random_row(seed), random_row(seed + 100)
        tables = np.array([prepare((a + (b - a) * t).astype(np.float32)) for t in np.linspace(0, 1, 401)])
        jump = np.abs(np.diff(tables, axis=0)).max(0)
        reach = np.ptp(tables, axis=0) + 0.02
        loose = [optics.P_UNDER, optics.P_WATER_LEVEL]  # the lens goes through the surface within a hand's breadth
        rough = np.flatnonzero(jump > 0.25 * reach + 1e-3)
        assert set(rough) <= set(loose), rough


def test_nothing_shines_negative_or_without_bound():
    tex = noise_texture()
    rays = directions(160)
    rng = np.random.default_rng(2)
    for seed in range(24):
        p = prepare(random_row(seed, 1.0 if seed % 3 else 30.0))
        places = rng.uniform(-400, 400, (160, 3)) * (1.0, 0.1, 1.0)
        for found in (_all(p, tex, rays, places), _skies(p, tex, rays)):
            assert np.isfinite(found).all(), seed
            assert found.min() >= 0.0 and found.max() < 400.0, (seed, found.min(), found.max())


@pytest.mark.parametrize("weather", ["clear", "clouds", "overcast", "storm", "aurora"])
@pytest.mark.parametrize("hour", [0.0, 12.5, 18.8])
def test_the_sky_is_continuous(hour, weather):
    tex = noise_texture()
    p = prepare(row_of("mountains", hour, weather))
    p[optics.P_STARS] = 0.0  # points are sharp by nature; they have their own test
    def longest_step(count):
        # All round the horizon, through the seam behind; and from below the horizon over the zenith.
        turn = np.linspace(-np.pi, np.pi, count)
        longest = []
        for path in (np.stack([np.sin(turn), np.full_like(turn, 0.15), np.cos(turn)], -1),
                     np.stack([0.3 + 0 * turn, np.sin(0.4 * turn), np.cos(0.4 * turn)], -1)):
            path /= np.linalg.norm(path, axis=1, keepdims=True)
            longest.append(np.abs(np.diff(np.log2(0.02 + _skies(p, tex, path)), axis=0)).max())
        return np.array(longest)
    coarse, fine = longest_step(20001), longest_step(160001)
    # A slope gives steps that shrink with the spacing; a jump does not.
    assert (fine < 0.25 * coarse + 0.002).all(), (coarse, fine)


def test_the_sky_moves_slowly():
    tex = noise_texture()
    rays = directions(400)
    rays[:, 1] = np.abs(rays[:, 1])
    for weather in ("clouds", "aurora"):
        frames = [np.log2(0.02 + _skies(prepare(row_of("meadow", 0.0, weather, time_s=50 + i / 24)), tex, rays))
                  for i in range(4)]
        moves = [np.abs(b - a).max() for a, b in pairwise(frames)]
        assert 0 < max(moves) < 0.12, moves


def test_wind_late_in_a_film_does_not_tear_the_clouds():
    tex, rays = noise_texture(), directions(300)
    rays[:, 1] = np.abs(rays[:, 1])
    calm, gust = row_of(weather="clouds", time_s=900), row_of(weather="clouds", time_s=900)
    gust[AT["weather"]][WEATHER.index("wind_mps")] += 0.05
    assert np.abs(_skies(prepare(calm), tex, rays) - _skies(prepare(gust), tex, rays)).max() < 0.05


def test_stars_keep_their_light_when_the_camera_creeps():
    tex = noise_texture()
    p = prepare(row_of("desert", 0.0), width_px=320)
    p[optics.P_CLOUD] = 0.0
    pixel = float(p[optics.P_PIXEL])
    totals = []
    for shift in np.linspace(0, 1, 7):
        u, v = np.meshgrid((np.arange(200) + shift) * pixel, 0.35 + (np.arange(120) + 0.5 * shift) * pixel)
        rays = np.stack([u, v, np.ones_like(u)], -1).reshape(-1, 3)
        rays /= np.linalg.norm(rays, axis=1, keepdims=True)
        found = _skies(p, tex, rays)
        totals.append((found - np.median(found, 0)).clip(0.02).sum())
    assert np.ptp(totals) < 0.06 * np.mean(totals)
    assert found.max() > 4 * np.median(found.max(1))


@pytest.mark.parametrize("weather", ["clear", "fog", "rain", "dust"])
def test_far_things_melt_into_the_horizon(weather):
    tex = noise_texture()
    p = prepare(row_of("meadow", 10.0, weather))
    for dx, dz in ((0.0, 1.0), (0.6, 0.8), (-0.8, -0.6)):
        far = np.array(air(p, 0.05, 0.05, 0.05, 60000.0, dx, 0.0, dz, 4.0))
        horizon = np.array(sky(p, tex, dx, -0.001, dz))
        assert np.abs(far / horizon - 1).max() < 0.08
        near = np.array(air(p, 0.05, 0.05, 0.05, 2.0, dx, 0.0, dz, 4.0))
        assert np.abs(near - 0.05).max() < 0.1
        assert np.allclose(airlight(p, dx, 0.0, dz), far, rtol=0.05)


def test_noise_is_even_and_tiles():
    tex = noise_texture()
    assert tex.shape == (512, 512, 4) and tex.dtype == np.float32 and tex is noise_texture()
    assert tex.min() >= 0.0 and tex.max() <= 1.0
    for channel in range(4):
        image = tex[..., channel].astype(float)
        for axis in (0, 1):
            inside = np.abs(np.diff(image, axis=axis)).mean()
            seam = np.abs(np.take(image, 0, axis) - np.take(image, -1, axis)).mean()
            assert seam < 1.5 * inside
    for channel in range(3):
        assert np.allclose(np.quantile(tex[..., channel], [0.1, 0.5, 0.9]), [0.1, 0.5, 0.9], atol=0.01)
    power = [np.abs(np.fft.rfft2(tex[..., c] - 0.5)) ** 2 for c in range(3)]
    waves = np.hypot(np.fft.fftfreq(512)[:, None], np.fft.rfftfreq(512)) * 512
    middle = [float((waves * q).sum() / q.sum()) for q in power]
    assert middle[0] < 0.5 * middle[1] and middle[1] < 0.6 * middle[2]


def test_shade_zero_is_poster_colour():
    tex = noise_texture()
    seen = []
    for azimuth in (-120.0, 0.0, 100.0):
        p = prepare(row_of("meadow", 16.0, shade=0.0, azimuth_deg=azimuth))
        for normal in ((0.0, 1.0, 0.0), (0.6, 0.8, 0.0), (-0.6, 0.8, 0.0)):
            for shadow in (0.0, 1.0):
                seen.append(surface(p, tex, 1, 1.0, 2.0, 3.0, *normal, 0.4, 0.3, 0.2, 0.5, 0.0, shadow, 9.0, 0.02,
                                    0.0, -0.2, 0.98))
    assert np.ptp(np.array(seen), axis=0).max() < 1e-5
    p = prepare(row_of("meadow", 16.0))
    lit = [surface(p, tex, 1, 1.0, 2.0, 3.0, 0.0, 1.0, 0.0, 0.4, 0.3, 0.2, 0.0, 0.0, s, 9.0, 0.02, 0.0, -0.2, 0.98)
           for s in (0.0, 1.0)]
    assert np.sum(lit[1]) > 1.8 * np.sum(lit[0])


def test_snow_whitens_and_rain_darkens():
    tex = noise_texture()
    def turf(weather):
        p = prepare(row_of("meadow", 12.0, weather))
        return np.mean([ground(p, tex, float(x), 0.0, 3.0 * x, 0.0, 1.0, 0.0, 0.05)[:3] for x in range(40)], 0)
    clear, rain, snow = turf("clear"), turf("rain"), turf("snow")
    assert rain.mean() < 0.85 * clear.mean() and snow.mean() > 2.0 * clear.mean()
    assert np.ptp(snow) < 0.3 * snow.mean()


def test_lines_on_the_road_keep_their_mean_at_any_distance():
    where = np.linspace(-4, 4, 8001)
    for foot in (0.01, 0.1, 0.7, 2.0):
        total = np.mean([stripe(x, 0.2, foot) for x in where]) * 8.0
        assert total == pytest.approx(0.2, rel=0.02)


def test_texture_never_aliases_far_away():
    tex = noise_texture()
    rng = np.random.default_rng(5)
    for setting in SETTINGS:
        p = prepare(row_of(setting, 12.0))
        height = float(water_height(row_of(setting))) + 30.0
        spots = rng.uniform(-2000, 2000, (60, 2))
        for foot in (4.0, 12.0):
            # Neighbours a third of a pixel apart must look alike.
            a, b = (np.array([ground(p, tex, x + s, height, z, 0.0, 1.0, 0.0, foot)[:3] for x, z in spots])
                    for s in (0.0, foot / 3))
            assert np.abs(a - b).mean() < 0.06 * a.mean() + 0.004, (setting, foot)


def test_the_table_starts_like_a_row_so_that_the_trail_can_be_read_from_it():
    for seed in range(5):
        row = random_row(seed)
        row[AT["place"]][SETTINGS.index("city")] = 0.0  # its weight is normalised in the table
        p = prepare(row)
        for z in (-500.0, 0.0, 33.0, 2000.0):
            assert trail_x(p, z) == pytest.approx(trail_x(row, z), abs=1e-2)


def test_under_water_is_told_by_the_camera():
    under = prepare(row_of("underwater", y_m=5.0))
    over = prepare(row_of("ocean", y_m=3.0))
    assert under[optics.P_UNDER] == 1.0 and over[optics.P_UNDER] == 0.0
    tex = noise_texture()
    r, _, b = air(under, 0.5, 0.5, 0.5, 40.0, 0.0, 0.0, 1.0, 5.0)
    assert b > 2.0 * r
    up, side = sum(sky(under, tex, 0.0, 1.0, 0.0)), sum(sky(under, tex, 0.0, 0.0, 1.0))
    assert up > 1.5 * side

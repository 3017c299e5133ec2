"""Time of day, and the light table of one frame.

`light_at` is the clock's light: hand-set key frames round the day, blended as smooth monotone curves in OKLab, so
that dusk runs through violet instead of grey. At night the "sun" is the moon. `prepare` turns one packed row of the
State into the flat table P that the per-pixel functions read (its layout is in `optics`).
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import PchipInterpolator

from world_model import colour
from world_model.sim import optics as o
from world_model.sim.terrain import water_height
from world_model.state import CAMERA, GROUND, LIGHT, WEATHER, offsets
from world_model.vocabulary import SETTINGS, STYLE_FIELDS

Table = NDArray[np.float32]
Floats = NDArray[np.float64]

# hour, elevation in degrees, sun, zenith, horizon, ambient (linear RGB), stars, exposure in stops. The light swings
# from the setting sun to the rising moon (and back) while both are nearly out.
_KEYS: tuple[tuple[Any, ...], ...] = (
    (0.0, 44, (.105, .185, .355), (.0050, .0120, .0420), (.024, .045, .100), (.030, .050, .110), 1.0, 1.30),
    (3.5, 34, (.095, .165, .315), (.0050, .0118, .0410), (.024, .043, .096), (.030, .049, .107), 1.0, 1.30),
    (4.7, 13, (.036, .056, .105), (.0090, .0190, .0650), (.065, .068, .125), (.052, .064, .118), 0.75, 1.25),
    (5.5, 0, (.130, .060, .055), (.0260, .0480, .1450), (.340, .170, .190), (.105, .108, .175), 0.2, 0.95),
    (6.2, 6, (1.30, .600, .340), (.0550, .1150, .2900), (.780, .400, .300), (.205, .215, .300), 0.0, 0.3),
    (8.5, 28, (1.95, 1.58, 1.12), (.0480, .1520, .4500), (.400, .510, .610), (.250, .310, .415), 0.0, 0.05),
    (12.5, 58, (2.05, 1.92, 1.68), (.0400, .1450, .4700), (.300, .450, .660), (.260, .330, .450), 0.0, -0.05),
    (16.0, 33, (2.05, 1.74, 1.28), (.0440, .1420, .4300), (.370, .480, .610), (.255, .310, .405), 0.0, 0.0),
    (17.6, 14, (2.25, 1.20, .450), (.0560, .1250, .3500), (.780, .440, .190), (.250, .250, .320), 0.0, 0.05),
    (18.8, 4, (1.85, .620, .190), (.0520, .0700, .2350), (.900, .250, .070), (.215, .185, .285), 0.0, 0.3),
    (19.2, 0.5, (.820, .200, .070), (.0360, .0500, .1750), (.640, .170, .085), (.165, .140, .230), 0.05, 0.6),
    (19.6, -1, (.130, .060, .070), (.0210, .0350, .1250), (.330, .130, .150), (.125, .112, .195), 0.2, 0.95),
    (20.4, 11, (.045, .058, .095), (.0090, .0190, .0680), (.085, .070, .140), (.058, .067, .124), 0.75, 1.25),
    (21.2, 24, (.090, .155, .300), (.0055, .0125, .0430), (.028, .048, .108), (.032, .052, .112), 1.0, 1.3),
    (22.5, 36, (.140, .235, .420), (.0065, .0145, .0480), (.031, .055, .120), (.035, .057, .120), 0.9, 1.2),
)
_FIELD_AT = offsets()


@lru_cache(maxsize=1)
def _curves() -> Any:
    """Hour -> elevation, 4 x OKLab, stars, exposure (15 columns); three days laid end to end close the circle."""
    hours = np.array([key[0] for key in _KEYS])
    rows = np.array([[key[1], *colour.linear_to_oklab(np.array(key[2:6])).ravel(), key[6], key[7]] for key in _KEYS])
    return PchipInterpolator(np.concatenate([hours - 24, hours, hours + 24]), np.concatenate([rows] * 3), axis=0)


def light_at(time_h: ArrayLike, tint_hue_deg: ArrayLike = 0.0, tint: ArrayLike = 0.0, azimuth_deg: ArrayLike = -40.0,
             cloud: ArrayLike = 0.0, exposure_ev: ArrayLike = 0.0) -> Table:
    """Light of an hour as float32 in the order of state.LIGHT: (16,) for scalars, (T, 16) when any input is (T,).

    time_h any real, read modulo 24. tint [0, 1] pulls every colour towards tint_hue_deg in OKLCH. azimuth_deg is
    where the low sun stands (0 = +z, positive towards +x); noon and midnight stray 25 degrees from it. cloud [0, 1]
    only opens the exposure: the clouds themselves dim the light in `prepare`. exposure_ev adds to the automatic one.
    """
    inputs = np.broadcast_arrays(*(np.asarray(value, np.float64)
                                   for value in (time_h, tint_hue_deg, tint, azimuth_deg, cloud, exposure_ev)))
    hour, hue, amount, azimuth, cover, offset = (np.atleast_1d(value) for value in inputs)
    hour = hour % 24.0
    rows = _curves()(hour)
    lab = rows[:, 1:13].reshape(-1, 4, 3).copy()
    pull = (np.clip(amount, 0.0, 1.0) * 0.9)[:, None, None] * np.array([0.55, 1.0, 1.0, 0.85])[:, None]
    chroma = np.maximum(np.hypot(lab[..., 1], lab[..., 2]), 0.05 + 0.13 * np.minimum(lab[..., 0], 1.0))
    angle = np.radians(hue)[:, None]
    target = np.stack([chroma * np.cos(angle), chroma * np.sin(angle)], -1)
    lab[..., 1:] += (target - lab[..., 1:]) * pull
    rgb = np.maximum(colour.oklab_to_linear(lab), 0.0).reshape(-1, 12)
    stray = 25.0 * np.sin(2 * np.pi * (hour - 18.5) / 24.0)
    exposure = rows[:, 14] + offset + 0.3 * np.clip(cover, 0.0, 1.0) ** 2
    out = np.column_stack([np.radians(rows[:, 0]), np.radians(azimuth + stray), rgb,
                           np.clip(rows[:, 13], 0.0, 1.0), exposure]).astype(np.float32)
    return out[0] if inputs[0].ndim == 0 else out


def _smooth(low: float, high: float, x: float) -> float:
    t = min(max((x - low) / (high - low), 0.0), 1.0)
    return t * t * (3.0 - 2.0 * t)


def _luminance(rgb: Floats) -> float:
    return float(rgb @ np.array([0.2126, 0.7152, 0.0722]))


def _mix(a: Any, b: Any, t: float) -> Any:
    return a + (b - a) * t


def prepare(row: ArrayLike, width_px: int = 512) -> Table:
    """The light table P (optics.P_SIZE,) float32 of one packed row (328,). width_px sizes stars and the sun's edge."""
    packed = np.nan_to_num(np.asarray(row, np.float64), posinf=0.0, neginf=0.0)
    light: dict[str, float] = dict(zip(LIGHT, packed[_FIELD_AT["light"]], strict=True))
    weather = {name: float(np.clip(value, 0.0, 1.0) if name not in ("wind_mps", "wind_yaw_rad") else value)
               for name, value in zip(WEATHER, packed[_FIELD_AT["weather"]], strict=True)}
    camera = dict(zip(CAMERA, packed[_FIELD_AT["camera"]], strict=True))
    ground = dict(zip(GROUND, packed[_FIELD_AT["ground"]], strict=True))
    place = np.clip(packed[_FIELD_AT["place"]], 0.0, None)
    place = place / max(place.sum(), 1e-6)
    where = dict(zip(SETTINGS, place, strict=True))
    style = dict(zip(STYLE_FIELDS, packed[_FIELD_AT["style"]], strict=True))
    palette = np.clip(colour.oklab_to_linear(packed[_FIELD_AT["palette"]].reshape(-1, 3)), 0.004, 1.2)

    rgb = {name: np.clip(np.array([light[f"{name}_{c}"] for c in "rgb"]), 0.0, 50.0)
           for name in ("sun", "zenith", "horizon", "ambient")}
    space = where["space"]
    storm, rain, snow, fog, dust = (weather[name] for name in ("storm", "rain", "snow", "fog", "dust"))
    overcast = _smooth(0.5, 1.0, weather["cloud"]) * (1.0 - space)
    night = 1.0 - _smooth(0.06, 0.34, _luminance(rgb["sun"]) * 0.35 + _luminance(rgb["ambient"]))
    stars = float(np.clip(light["stars"], 0.0, 1.0))

    # Under cloud the sun goes into the sky: the dome turns grey and even, lower where it storms or rains.
    dim = 0.80 * (1.0 - 0.42 * storm) * (1.0 - 0.22 * rain)
    grey = _luminance(_mix(rgb["zenith"], rgb["horizon"], 0.55)) + 0.12 * _luminance(rgb["sun"])
    dull = _mix(np.array([0.93, 0.99, 1.08]), np.array([0.86, 1.03, 1.07]), storm)
    own = _mix(rgb["zenith"], rgb["horizon"], 0.6)
    dome = _mix(grey * dull, own * grey / max(_luminance(own), 1e-5), 0.3) * dim
    zenith = _mix(rgb["zenith"], dome * 0.78, overcast)
    horizon = _mix(rgb["horizon"], dome * 1.08, overcast)
    sun = rgb["sun"] * (1.0 - 0.94 * overcast) * (1.0 - 0.8 * max(fog - 0.15, 0.0)) * (1.0 - 0.6 * dust)
    ambient = _mix(rgb["ambient"], dome * 1.05, overcast) + (rgb["sun"] - sun) * 0.10 * (1.0 - 0.5 * storm)

    # Dust and fog colour the air; snow in the air brightens it.
    sand = _mix(np.array([1.25, 0.76, 0.34]), palette[1] / max(_luminance(palette[1]), 0.02) * 0.8, 0.25)
    level = _luminance(horizon)
    horizon = _mix(horizon, sand * max(level, 0.02) * 0.95, 0.85 * dust)
    zenith = _mix(zenith, sand * max(level, 0.02) * 0.62, 0.75 * dust)
    ambient = _mix(ambient, sand * _luminance(ambient) * 1.15, 0.6 * dust)
    mist = max(fog, 0.7 * snow)
    pale = np.array([0.94, 1.0, 1.07]) * level * (1.0 - 0.1 * snow)
    horizon = _mix(horizon, _mix(pale, horizon, 0.35), mist * (1.0 - dust))
    zenith = _mix(zenith, _mix(horizon, zenith, 0.35), _smooth(0.35, 1.0, mist))
    # Space: nothing scatters; the dome is nearly black and the ground gets a faint fill.
    void = np.array([0.006, 0.008, 0.016]) + 0.01 * rgb["zenith"]
    zenith, horizon = _mix(zenith, void, space), _mix(horizon, void * 1.6, space)
    ambient = _mix(ambient, 0.22 * rgb["ambient"] + 0.02, space)

    elevation = float(light["sun_elevation_rad"])
    azimuth = float(light["sun_azimuth_rad"])
    table = np.zeros(o.P_SIZE, np.float64)

    def put(at: int, value: Any) -> None:
        value = np.atleast_1d(value)
        table[at:at + len(value)] = value

    def towards(angle: float) -> Floats:
        return np.array([math.sin(azimuth) * math.cos(angle), math.sin(angle), math.cos(azimuth) * math.cos(angle)])

    put(o.P_SUN, towards(elevation))
    # Light from under the horizon would light the undersides: the key stays a little above.
    put(o.P_KEY, towards(math.copysign(max(abs(elevation), 0.06), 1.0) if elevation > -1.5 else 0.06))
    put(o.P_SUN_RGB, sun)
    put(o.P_DISC, rgb["sun"] * (1.0 - 0.97 * overcast) * (1.0 - _smooth(0.3, 0.8, fog)) * (1.0 - 0.7 * dust))
    put(o.P_ZENITH, zenith)
    put(o.P_HORIZON, horizon)
    put(o.P_AMBIENT, ambient)
    # Between a warm horizon and a cool zenith light scatters through rose, not through grey.
    low, high = colour.linear_to_oklab(horizon), colour.linear_to_oklab(zenith)
    middle = 0.55 * low + 0.45 * high
    middle[1] += 0.42 * max(0.0, float(low[2] - high[2]) - 0.12) * (1.0 - overcast)
    put(o.P_MIDDLE, np.maximum(colour.oklab_to_linear(middle), 0.0))
    turf = _mix(palette[0], palette[1], 0.4)
    turf = _mix(turf, np.array([0.75, 0.79, 0.85]), max(where["snowfield"], where["clouds"], 0.7 * snow))
    put(o.P_BOUNCE, turf * (sun * max(math.sin(elevation), 0.1) * 0.42 + ambient * 0.6))
    low_sun = 1.0 - _smooth(0.08, 0.7, elevation)
    put(o.P_AIR, horizon)
    put(o.P_GLOW, rgb["sun"] * (1.0 - 0.9 * overcast) * (1.0 - 0.5 * dust) * (1.0 - space))
    put(o.P_GLOW_WIDE, 0.09 + 0.20 * low_sun)
    put(o.P_GLOW_TIGHT, 0.35 + 0.55 * low_sun)
    one = sun * 0.55 + ambient * 1.05
    put(o.P_FLAT, _mix(one, np.full(3, _luminance(one)), 0.35))
    veil = _mix(np.ones(3), sand, 0.8 * dust)
    veil = veil * (1.0 - 0.5 * night)
    put(o.P_CLOUD_LIT, veil * (rgb["sun"] * 0.50 * (1.0 - 0.75 * overcast) + ambient * 0.75) * (1.0 - 0.35 * storm))
    put(o.P_CLOUD_DARK, veil * _mix(ambient * 0.72 + horizon * 0.16, dome * 0.55, overcast) * (1.0 - 0.5 * storm))

    level_m = float(np.clip(water_height(packed), -1e4, 1e4))
    under_m = min(max(level_m - camera["y_m"], -1e4), 200.0)
    under = _smooth(-0.12, 0.12, under_m)
    water = palette[5] / max(_luminance(palette[5]), 0.02)
    daylight = sun * (0.25 + 0.5 * max(math.sin(elevation), 0.0)) + ambient
    lit = daylight * math.exp(-0.012 * max(under_m, 0.0))
    put(o.P_WATER_DEEP, _mix(water * 0.09, palette[5] * 0.5, 0.5) * _mix(daylight, lit, under))
    put(o.P_WATER_SHALLOW, _mix(water * 0.22, np.array([0.10, 0.34, 0.33]), 0.5) * daylight)
    # Metres to fade: red first; a reddish water colour reverses it.
    put(o.P_WATER_BETA, np.clip(0.030 / (0.25 + np.clip(water, 0.0, 3.0)), 0.012, 0.14))
    put(o.P_PALETTE, palette.ravel())
    put(o.P_PLACE, place)
    put(o.P_EYE, [camera["x_m"], camera["y_m"], camera["z_m"]])
    put(o.P_STARS, max(stars, space) * (1.0 - overcast) * (1.0 - 0.8 * fog) * (1.0 - dust))
    for at, name in ((o.P_RAIN, "rain"), (o.P_SNOW, "snow"), (o.P_FOG, "fog"), (o.P_STORM, "storm"),
                     (o.P_DUST, "dust"), (o.P_FLASH, "flash")):
        put(at, weather[name])
    put(o.P_CLOUD, weather["cloud"] * (1.0 - space))
    put(o.P_AURORA, weather["aurora"] * (0.25 + 0.75 * max(stars, night)) * (1.0 - 0.8 * overcast))
    # Clouds drift at a steady pace and wind pushes them by a bounded amount: wind times time would tear the sky
    # across whenever the wind changes late in a film.
    wind = float(np.clip(weather["wind_mps"], 0.0, 40.0))
    yaw = weather["wind_yaw_rad"]
    time_s = float(packed[_FIELD_AT["time_s"]][0])
    put(o.P_WIND, wind)
    put(o.P_DRIFT_X, 9.0 * time_s + 30.0 * wind * math.sin(yaw))
    put(o.P_DRIFT_Z, 5.0 * time_s + 30.0 * wind * math.cos(yaw))
    put(o.P_TIME, time_s)
    put(o.P_SHADE, np.clip(style["shade"], 0.0, 1.0))
    put(o.P_NIGHT, night)
    put(o.P_MOON, _smooth(0.3, 0.7, stars))
    put(o.P_UNDER, under)
    put(o.P_WATER_LEVEL, level_m)
    put(o.P_WAVE, np.clip(ground["wave_m"], 0.0, 3.0))
    put(o.P_AIR_BETA, (0.00022 + 0.0006 * overcast + 0.0022 * rain + 0.0035 * snow + 0.010 * dust ** 2)
        * (1.0 - 0.97 * space))
    put(o.P_FOG_BETA, (0.00025 + 0.034 * fog ** 2.3) * (1.0 - space))
    put(o.P_FOG_FALL, 1.0 / _mix(45.0, 130.0, fog))
    put(o.P_PIXEL, float(np.clip(camera["fov_rad"], 0.05, 3.0)) / max(width_px, 16))
    put(o.P_OVERCAST, overcast)
    put(o.P_COVER, weather["cloud"])
    put(o.P_SPACE, space)
    put(o.P_SNOW_LINE, _mix(120.0, 15.0, snow))
    put(o.P_GROUND_SHAPE, list(ground.values()))
    put(o.P_SHAFT, 1.0 - 0.8 * overcast)
    return np.nan_to_num(np.clip(table, -1e6, 1e6)).astype(np.float32)

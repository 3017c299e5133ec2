"""Laws of looking at pictures and of opening picture files."""

from __future__ import annotations

import struct
import zlib

import cv2
import numpy as np
import pytest
from PIL import Image

from modalities.faults import Unusable
from modalities.perceive.image import image_cues, open_picture, picture_cues, see_image
from modalities.perceive.picture import look_at
from world_model.vocabulary import SETTINGS


def landscape(seed: int = 0, level: float = 0.45) -> np.ndarray:
    """(180, 320, 3): sky over sea-flat land with a red ball left of the middle."""
    rng = np.random.default_rng(seed)
    y = np.mgrid[0:180, 0:320][0] / 180.0
    sky = np.stack([120 + 80 * y, 160 + 60 * y, 230 + 10 * y], -1)
    land = np.stack([70 + 20 * y, 110 + 0 * y, 50 + 0 * y], -1) + rng.normal(0, 6, (180, 320, 1))
    picture = np.where((y < level)[..., None], sky, land)
    cv2.circle(picture, (110, 120), 22, (210, 40, 40), -1)
    return np.clip(picture, 0, 255).astype(np.uint8)


def overlap(a, b) -> float:
    wide, tall = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    shared = max(0.0, wide) * max(0.0, tall)
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)


def jpeg(picture: np.ndarray, quality: int) -> np.ndarray:
    return np.asarray(cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], 1), np.uint8)


def swatches(cues) -> np.ndarray:
    return np.array([[s.lightness, s.chroma * np.cos(np.radians(s.hue_deg)), s.chroma * np.sin(np.radians(s.hue_deg)),
                      s.share] for s in cues.palette])


@pytest.mark.parametrize("level", [0.25, 0.45, 0.7])
def test_the_horizon_is_where_sky_and_land_meet(level):
    for picture in (landscape(0, level), jpeg(landscape(1, level), 20)):
        frame = look_at(picture).framing
        assert abs(frame.horizon - level) < 0.04
        assert np.median(np.abs(frame.skyline - level)) < 0.03


def test_what_stands_out_is_the_subject():
    cues = look_at(landscape())
    assert overlap(cues.framing.subject, (88 / 320, 98 / 180, 132 / 320, 142 / 180)) > 0.5
    assert cues.framing.subject_confidence > 0.2


def test_a_mirrored_picture_is_seen_mirrored():
    a, b = look_at(landscape()), look_at(np.ascontiguousarray(landscape()[:, ::-1]))
    left, top, right, bottom = a.framing.subject
    assert overlap((1 - right, top, 1 - left, bottom), b.framing.subject) > 0.85
    assert np.abs(a.framing.skyline - b.framing.skyline[::-1]).mean() < 0.02
    assert np.allclose(swatches(a), swatches(b), atol=1e-6)
    assert a.light.key == pytest.approx(b.light.key) and a.light.warmth == pytest.approx(b.light.warmth)


def test_a_turned_camera_leans_the_horizon():
    picture = landscape(0, 0.5)
    picture[98:143, 85:135] = picture[150:151, 85:135]  # without the ball
    for lean in (-6.0, 6.0):
        turn = cv2.getRotationMatrix2D((160, 90), -lean, 1.15)
        turned = cv2.warpAffine(picture, turn, (320, 180), borderMode=cv2.BORDER_REPLICATE)
        assert abs(look_at(turned).framing.tilt_deg - lean) < 2.5


def test_darker_is_a_lower_key_and_warmer_is_warmer():
    picture = landscape()
    keys = [look_at((picture * k).astype(np.uint8)).light.key for k in (1.0, 0.7, 0.4, 0.15)]
    assert keys == sorted(keys, reverse=True) and keys[0] - keys[-1] > 0.2
    grey = np.full((90, 160, 3), 128, np.uint8)
    tints = [look_at((grey * np.array(t)).astype(np.uint8)).light.warmth for t in ([.85, 1, 1.2], [1, 1, 1], [1.2, 1, .8])]
    assert tints[0] < -0.2 < abs(tints[1]) + 0.1 < tints[2] and abs(tints[1]) < 0.05


def test_night_and_day_are_told_apart():
    day, night = landscape(), (landscape() * np.array([0.12, 0.13, 0.2])).astype(np.uint8)
    at = look_at(night).light.time_h
    assert at is not None and (at >= 19 or at <= 5)
    seen = look_at(day).light.time_h
    assert seen is None or 8 <= seen <= 18.5


def test_shares_of_a_palette_sum_to_one_and_survive_resizing_and_jpeg():
    picture = landscape()
    first = swatches(look_at(picture))
    assert first[:, 3].sum() == pytest.approx(1.0) and len(first) <= 6
    assert list(first[:, 3]) == sorted(first[:, 3], reverse=True)
    for other in (cv2.resize(picture, (1280, 720)), cv2.resize(picture, (160, 90), interpolation=cv2.INTER_AREA),
                  jpeg(picture, 30)):
        second = swatches(look_at(other))
        apart = np.linalg.norm(first[:3, None, :3] - second[None, :, :3], axis=-1)
        assert apart.min(1).max() < 0.06
        assert np.abs(first[:2, 3] - second[:2, 3]).max() < 0.12


def test_a_palette_of_plain_colours_is_those_colours():
    picture = np.zeros((90, 160, 3), np.uint8)
    for k, colour in enumerate(((200, 30, 30), (30, 60, 200), (240, 220, 60), (240, 240, 240))):
        picture[:, 40 * k:40 * k + 40] = colour
    cues = look_at(picture)
    assert len(cues.palette) == 4 and all(abs(s.share - 0.25) < 0.01 for s in cues.palette)
    assert {round(s.hue_deg / 60) for s in cues.palette if s.chroma > 0.05} == {0, 4, 2}


def test_grain_grows_with_noise_and_line_with_lines():
    rng = np.random.default_rng(0)
    smooth = cv2.GaussianBlur(landscape(), (0, 0), 2)
    grains = [look_at(np.clip(smooth + rng.normal(0, s, smooth.shape), 0, 255).astype(np.uint8)).grain
              for s in (0, 4, 10)]
    assert grains == sorted(grains) and grains[-1] > grains[0] + 0.2
    lined = smooth.copy()
    for k in range(0, 320, 16):
        cv2.line(lined, (k, 0), (319 - k, 179), (20, 20, 20), 2)
    assert look_at(lined).line > look_at(smooth).line + 0.3


def test_weights_are_weights_and_the_same_picture_gives_the_same_answer():
    a, b = look_at(landscape(3)), look_at(landscape(3))
    assert a.palette == b.palette and a.medium == b.medium and a.setting == b.setting and a.light == b.light
    assert sum(a.medium.values()) == pytest.approx(1.0)
    assert set(a.setting) <= set(SETTINGS) and sum(a.setting.values()) <= 1.0 + 1e-6
    assert sum(a.framing.layers) == pytest.approx(1.0)


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 700, 3), (900, 2, 3), (50, 50, 3)])
def test_any_size_and_plain_pictures_are_looked_at(shape):
    for value in (0, 128, 255):
        cues = look_at(np.full(shape, value, np.uint8))
        assert len(cues.palette) == 1 and np.isfinite(cues.light.key)


# --- Files ----------------------------------------------------------------------------------------------------------
def test_a_picture_is_upright_whatever_its_exif_says(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(np.rot90(landscape()).copy()).save(tmp_path / "a.jpg", exif=exif, quality=95)
    opened = open_picture(tmp_path / "a.jpg")
    assert opened.size_px == (320, 180) and opened.pixels.shape == (180, 320, 3)
    assert np.abs(opened.pixels.astype(int) - landscape()).mean() < 6


def test_every_depth_and_colour_space_is_read(tmp_path):
    picture = landscape()
    grey = picture.mean(-1)
    Image.fromarray((grey * 257).astype(np.uint16)).save(tmp_path / "deep.png")
    cv2.imwrite(str(tmp_path / "deep_rgb.png"), picture[..., ::-1].astype(np.uint16) * 257)
    cv2.imwrite(str(tmp_path / "deep_rgb.tiff"), picture[..., ::-1].astype(np.uint16) * 257)
    Image.fromarray(picture).convert("CMYK").save(tmp_path / "print.jpg", quality=95)
    Image.fromarray(picture).quantize(64).save(tmp_path / "few.png")
    Image.fromarray(grey.astype(np.float32) / 255).save(tmp_path / "float.tiff")
    for name in ("deep.png", "deep_rgb.png", "deep_rgb.tiff", "print.jpg", "few.png"):
        opened = open_picture(tmp_path / name)
        wanted = np.repeat(grey[..., None], 3, 2) if name == "deep.png" else picture
        assert np.abs(opened.pixels.astype(int) - wanted).mean() < 14, name
    assert "CMYK" in open_picture(tmp_path / "print.jpg").notes[0]
    assert np.ptp(open_picture(tmp_path / "float.tiff").pixels) > 150


def test_of_an_animation_the_first_picture_is_used_and_said(tmp_path):
    frames = [Image.fromarray(landscape()), Image.fromarray(255 - landscape())]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:], duration=100)
    frames[0].save(tmp_path / "a.webp", save_all=True, append_images=frames[1:], duration=100)
    for name in ("a.gif", "a.webp"):
        image = see_image(tmp_path / name)
        assert any("2 pictures" in note for note in image.notes)
        assert image.picture.light.key == pytest.approx(look_at(landscape()).light.key, abs=0.05)


def test_transparency_is_said_and_stands_on_white_or_grey(tmp_path):
    rgba = np.dstack([landscape(), np.full((180, 320), 255, np.uint8)])
    rgba[:90, :, 3] = 0
    Image.fromarray(rgba, "RGBA").save(tmp_path / "a.png")
    assert "transparent" in see_image(tmp_path / "a.png").notes[-1]
    rgba[..., 3] = 0
    Image.fromarray(rgba, "RGBA").save(tmp_path / "b.png")
    with pytest.raises(Unusable, match="transparent"):
        see_image(tmp_path / "b.png")


def test_a_picture_that_breaks_off_is_used_as_far_as_it_goes(tmp_path):
    noisy = np.random.default_rng(0).integers(0, 255, (400, 640, 3)).astype(np.uint8)
    Image.fromarray(cv2.GaussianBlur(noisy, (0, 0), 2)).save(tmp_path / "a.jpg", quality=90)
    whole = (tmp_path / "a.jpg").read_bytes()
    (tmp_path / "half.jpg").write_bytes(whole[: len(whole) // 2])
    opened = open_picture(tmp_path / "half.jpg")
    assert "breaks off" in opened.notes[0] and 120 < opened.size_px[1] < 280
    (tmp_path / "none.jpg").write_bytes(whole[:700])
    with pytest.raises(Unusable):
        open_picture(tmp_path / "none.jpg")


@pytest.mark.parametrize("name, content", [
    ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>'), ("a.png", b'<?xml version="1.0"?><svg/>'),
    ("a.heic", b"\0\0\0\x18ftypheic" + bytes(40)), ("a.jpg", b"\0\0\0\x18ftypisom" + bytes(40)),
    ("a.png", b"%PDF-1.7 ..."), ("a.jpg", b"RIFF\x24\0\0\0WAVEfmt "), ("a.gif", b"GIF89a"), ("a.png", b""),
    ("a.webp", b"hello"), ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(60))])
def test_what_is_no_picture_gets_one_sentence(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Unusable) as fault:
        see_image(tmp_path / name)
    assert str(fault.value).count("\n") == 0 and name in str(fault.value) and str(fault.value).endswith(".")
    with pytest.raises(Unusable):
        see_image(tmp_path / "missing.png")
    with pytest.raises(Unusable):
        see_image(tmp_path)


def test_a_wrong_ending_is_said_and_large_pictures_are_shrunk_or_refused(tmp_path):
    Image.fromarray(landscape()).save(tmp_path / "a.gif", format="PNG")
    assert "PNG" in open_picture(tmp_path / "a.gif").notes[0]
    Image.new("L", (7680, 4320), 90).save(tmp_path / "8k.png")
    opened = open_picture(tmp_path / "8k.png")
    assert opened.size_px == (7680, 4320) and max(opened.pixels.shape) <= 2048
    for width in (16_000, 40_000):  # a file that only says how large it is
        chunk = b"IHDR" + struct.pack(">IIBBBBB", width, 9_000, 8, 2, 0, 0, 0)
        (tmp_path / "huge.png").write_bytes(b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk +
                                            struct.pack(">I", zlib.crc32(chunk)) + struct.pack(">I", 900) + b"IDAT")
        with pytest.raises(Unusable, match="too large"):
            open_picture(tmp_path / "huge.png")


def test_cues_carry_unit_method_and_confidence_and_roles_keep_their_own(tmp_path):
    Image.fromarray(landscape()).save(tmp_path / "a.png")
    image = see_image(tmp_path / "a.png")
    for cue in image_cues(image):
        assert cue.unit and cue.method and 0.0 <= cue.confidence <= 1.0
    assert [cue.name for cue in image_cues(image, "palette")] == ["palette"]
    assert {"horizon", "skyline", "subject"} <= {cue.name for cue in image_cues(image, "layout")}
    assert all(cue.span_s == (1.0, 2.0) for cue in picture_cues(image.picture, (1.0, 2.0)))

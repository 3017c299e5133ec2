"""Still pictures from files: any common format and mishap becomes an upright sRGB picture, or one clear sentence."""

from __future__ import annotations

import io
import threading
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from modalities.cues import Cue, ImageCues, PictureCues
from modalities.faults import Unusable
from modalities.media import check_file
from modalities.perceive.picture import look_at

if TYPE_CHECKING:
    from PIL import Image

ACCEPTED = "png, jpg, webp, gif, bmp or tiff"
MOST_PIXELS = 1 << 27
READ_PX = 2048
# What a file that is no picture for us begins with, and what is said of it.
_OTHER = ((b"%PDF", "a PDF document"), (b"PK\x03\x04", "an archive or office document"), (b"RIFF....WAVE", "a sound"),
          (b"RIFF....AVI ", "a film"), (b"\x1aE\xdf\xa3", "a film"), (b"OggS", "a sound"), (b"fLaC", "a sound"),
          (b"ID3", "a sound"), (b"....ftypheic", "a HEIC picture"), (b"....ftypheix", "a HEIC picture"),
          (b"....ftypmif1", "a HEIC picture"), (b"....ftypmsf1", "a HEIC picture"), (b"....ftypcrx", "a raw photo"))
_FORMATS = {"PNG": (".png", ".apng"), "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif"), "MPO": (".jpg", ".jpeg", ".mpo"),
            "WEBP": (".webp",), "GIF": (".gif",), "BMP": (".bmp", ".dib"), "TIFF": (".tif", ".tiff")}
_truncated = threading.Lock()
_ROLES: dict[str, tuple[str, ...]] = {
    "palette": ("palette",), "light": ("light",), "layout": ("layout",), "subject": ("subject",),
    "content": ("setting", "subject"), "style": ("palette", "light", "style"), "mood": ("palette", "light")}


@dataclass(frozen=True)
class Opened:
    """pixels: (H, W, 3) or, where parts are transparent, (H, W, 4) uint8 sRGB, upright, at most READ_PX on the longer
    side. size_px: width and height of the file, upright. notes: sentences for the creator."""

    pixels: NDArray[np.uint8]
    size_px: tuple[int, int]
    notes: tuple[str, ...]


def see_image(path: Path) -> ImageCues:
    """What a still shows. Raises Unusable with one sentence where the file is no picture that can be read."""
    opened = open_picture(path)
    notes = list(opened.notes)
    rgb = opened.pixels
    if rgb.shape[2] == 4:
        rgb, note = _on_ground(path, rgb)
        notes.append(note)
    return ImageCues(opened.size_px, look_at(rgb), tuple(notes))


def open_picture(path: Path) -> Opened:
    """Read a picture file. Raises Unusable where there is none, it is empty, of another kind, or too large."""
    path = Path(path)
    if path.is_file() and path.stat().st_size == 0:
        raise Unusable(f"{path} is empty; expected {ACCEPTED}.")
    check_file(path)
    with path.open("rb") as file:
        head = file.read(1024)
    _refuse_other(path, head)
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(path)
    except Image.DecompressionBombError:
        raise _too_large(path) from None
    except Exception:  # decoders raise many kinds
        return _second_reader(path)
    with image:
        if image.width * image.height > MOST_PIXELS:
            raise _too_large(path)
        return _opened(path, image)


def _opened(path: Path, image: Image.Image) -> Opened:
    from PIL import ImageOps

    notes: list[str] = []
    kind, frames, bands = str(image.format), int(getattr(image, "n_frames", 1)), image.mode
    suffix = path.suffix.lower()
    if kind in _FORMATS and suffix not in _FORMATS[kind]:
        notes.append(f"{path.name} is a {kind} picture whatever its name says.")
    if frames > 1 and kind != "MPO":
        what = "pages" if kind == "TIFF" else "pictures"
        notes.append(f"{path.name} holds {frames} {what}; the first is used.")
    size = image.size
    image.draft("RGB", (READ_PX, READ_PX))
    whole, cut = _loaded(path, image)
    if cut:
        notes.append(f"{path.name} breaks off early; the part that is there is used.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        turned = ImageOps.exif_transpose(whole)
    if (whole.width < whole.height) != (turned.width < turned.height):
        size = (size[1], size[0])
    if bands == "CMYK":
        notes.append(f"{path.name} is in print colours (CMYK); they were turned into screen colours.")
    elif bands.startswith(("I", "F")):
        notes.append(f"{path.name} has more than 8 bits a colour; it is seen with 8.")
    plain = _eight_bits(turned)
    plain.thumbnail((READ_PX, READ_PX))
    pixels = np.asarray(plain, np.uint8)
    if cut:
        pixels, part = _present(path, pixels)
        size = (size[0], max(1, round(size[1] * part)))
    if pixels.shape[2] == 4 and bool((pixels[..., 3] == 255).all()):
        pixels = np.ascontiguousarray(pixels[..., :3])
    return Opened(pixels, size, tuple(notes))


def _loaded(path: Path, image: Image.Image) -> tuple[Image.Image, bool]:
    """The decoded picture and whether its file breaks off."""
    from PIL import ImageFile

    try:
        image.load()
        return image, False
    except MemoryError:
        raise _too_large(path) from None
    except Exception:  # decoders raise many kinds
        pass
    from PIL import Image

    with _truncated:
        before = ImageFile.LOAD_TRUNCATED_IMAGES
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        try:
            again = Image.open(io.BytesIO(path.read_bytes()))
            again.draft("RGB", (READ_PX, READ_PX))
            again.load()
        except Exception:  # decoders raise many kinds
            raise Unusable(f"{path} is a damaged picture; save it anew as {ACCEPTED}.") from None
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before
    return again, True


def _present(path: Path, pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], float]:
    """The rows that were read of a picture that breaks off, and their share. Raises Unusable where hardly any were."""
    last = pixels[-1:].astype(int)
    same = (np.abs(pixels[..., :3].astype(int) - last[..., :3]).max((1, 2)) <= 2) & \
        (np.ptp(pixels[..., :3].reshape(len(pixels), -1), axis=1) <= 2)
    rows = len(pixels) - int(np.argmax(~same[::-1])) if not same.all() else 0
    if rows < max(4, len(pixels) // 10):
        raise Unusable(f"{path} breaks off before there is a picture; save it anew as {ACCEPTED}.")
    return np.ascontiguousarray(pixels[:rows]), rows / len(pixels)


def _eight_bits(image: Image.Image) -> Image.Image:
    """RGB or RGBA, eight bits, in sRGB."""
    from PIL import Image

    if image.mode.startswith(("I", "F")):
        deep = np.asarray(image, np.float64)
        if image.mode == "F" or deep.min() < 0 or deep.max() > 65535:
            low, high = (float(v) for v in np.nanquantile(deep, (0.001, 0.999)))
        else:
            low, high = 0.0, 65535.0 if deep.max() > 255 else 255.0
        grey = np.clip((np.nan_to_num(deep) - low) / max(high - low, 1e-9), 0.0, 1.0)
        return Image.fromarray(np.rint(255.0 * grey).astype(np.uint8)).convert("RGB")
    clear = "A" in image.getbands() or "a" in image.getbands() or "transparency" in image.info
    whole = image if image.mode == "CMYK" else image.convert("RGBA" if clear else "RGB")
    profile = image.info.get("icc_profile")
    if profile:
        from PIL import ImageCms

        try:
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            done = ImageCms.profileToProfile(whole, given, ImageCms.createProfile("sRGB"),
                                             outputMode="RGBA" if whole.mode == "RGBA" else "RGB")
            whole = done if done is not None else whole
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a profile that cannot be used is as good as none
    return whole.convert("RGB") if whole.mode == "CMYK" else whole


def _second_reader(path: Path) -> Opened:
    """Formats that only OpenCV reads (16-bit colour TIFF, EXR and such)."""
    raw = np.frombuffer(path.read_bytes(), np.uint8)
    try:
        found = cv2.imdecode(raw, cv2.IMREAD_COLOR)
    except cv2.error:
        found = None
    if found is None or found.size == 0:
        raise Unusable(f"{path} is not a picture that can be read; expected {ACCEPTED}.")
    height, width = found.shape[:2]
    if width * height > MOST_PIXELS:
        raise _too_large(path)
    rgb = np.ascontiguousarray(found[..., ::-1])
    scale = min(1.0, READ_PX / max(height, width))
    if scale < 1.0:
        rgb = cv2.resize(rgb, (max(1, round(width * scale)), max(1, round(height * scale))),
                         interpolation=cv2.INTER_AREA)
    return Opened(np.asarray(rgb, np.uint8), (width, height), ())


def other_kind(head: bytes) -> str | None:
    """What a file whose first bytes are `head` is, in words, where it is known to be no picture that is read here; of
    a film or sound that could not be read, that it is damaged."""
    what = _other(head)
    if what in ("a film", "a sound", "a picture"):
        return f"{what} that is damaged or breaks off before it can be read"
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")) or head[8:12] == b"WEBP":
        return "a picture that is damaged or breaks off before it can be read"
    return what


def _other(head: bytes) -> str | None:
    for start, what in _OTHER:
        if len(head) >= len(start) and all(want in (b"."[0], have) for want, have in zip(start, head)):
            return what
    if head[4:8] == b"ftyp" and head[8:12] not in (b"avif", b"avis"):
        return "a film"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<svg", b"<?xml", b"<!doctype svg")) and b"<svg" in text:
        return "an SVG drawing, to be exported as a picture first"
    return None


def _refuse_other(path: Path, head: bytes) -> None:
    what = _other(head)
    if what is None and path.suffix.lower() == ".svg" and head.lstrip()[:5].lower() == b"<?xml":
        what = "an SVG drawing, to be exported as a picture first"
    if what is not None:
        raise Unusable(f"{path} is {what}; expected {ACCEPTED}.")


def _too_large(path: Path) -> Unusable:
    return Unusable(f"{path} is too large a picture; up to {MOST_PIXELS >> 20} million pixels are read.")


def _on_ground(path: Path, rgba: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], str]:
    """(picture, note): what is transparent becomes white, or grey where what is there is nearly white."""
    alpha = rgba[..., 3:].astype(np.float32) / 255.0
    if float(alpha.max()) < 0.02:
        raise Unusable(f"{path} is wholly transparent; there is nothing to see in it.")
    colour = rgba[..., :3].astype(np.float32)
    bright = float((colour.mean(-1, keepdims=True) * alpha).sum() / max(float(alpha.sum()), 1e-6))
    ground, name = (128.0, "grey") if bright > 215.0 else (255.0, "white")
    flat = np.rint(colour * alpha + ground * (1.0 - alpha)).astype(np.uint8)
    return flat, f"{path.name} is partly transparent; it is seen on {name}."


def is_drawing(rgb: NDArray[np.uint8]) -> float:
    """[0, 1]: how much a picture (H, W, 3) uint8 looks like lines on paper (or on a dark pad) and not like a scene."""
    from modalities.perceive.sketch_ink import ink_of

    ink = ink_of(rgb)
    share = float(ink.mask.mean())
    if share <= 0.0004:
        return 0.0
    paper = 1.0 - np.clip((ink.unrest - 0.02) / 0.06, 0.0, 1.0)
    sparse = 1.0 - np.clip((share - 0.18) / 0.22, 0.0, 1.0)
    thin = 1.0 - np.clip((ink.width_px / max(ink.mask.shape) - 0.012) / 0.025, 0.0, 1.0)
    plain = 1.0 - np.clip((ink.tint - 0.16) / 0.2, 0.0, 1.0)
    marked = np.clip((float(np.median(ink.depth[ink.mask])) - 0.08) / 0.1, 0.0, 1.0)
    ground = ink.rgb[~ink.mask].mean(-1)
    extreme = 1.0 if not ink.light_on_dark else float(np.clip((70.0 - float(np.median(ground))) / 30.0, 0.0, 1.0))
    return float(paper * sparse * thin * plain * marked * extreme)


def image_cues(image: ImageCues, role: str | None = None) -> list[Cue]:
    """The cues of a still, all or those that a role uses."""
    return picture_cues(image.picture, (0.0, 0.0), role)


def picture_cues(picture: PictureCues, span_s: tuple[float, float], role: str | None = None) -> list[Cue]:
    """What was seen in one picture as cues over a span, all or those that a role uses."""
    frame, lit = picture.framing, picture.light
    named: list[tuple[str, str, str, Any, float, str]] = [
        ("palette", "palette", "OKLCH and share", [[s.lightness, s.chroma, s.hue_deg, s.share] for s in
                                                   picture.palette], 1.0, "k-means in OKLab"),
        ("light", "key", "OKLab lightness", lit.key, 1.0, "mean"),
        ("light", "contrast", "OKLab lightness", lit.contrast, 1.0, "standard deviation"),
        ("light", "warmth", "-1 to 1", lit.warmth, 0.8, "tint of what is nearly grey")]
    if lit.time_h is not None:
        named.append(("light", "time", "hour", lit.time_h, lit.confidence, "sky and brightness"))
    if frame.horizon is not None:
        named.append(("layout", "horizon", "heights from the top", frame.horizon, frame.horizon_confidence,
                      "line under the sky"))
        named.append(("layout", "lean", "degrees", frame.tilt_deg, frame.horizon_confidence, "line under the sky"))
    if frame.skyline is not None:
        named.append(("layout", "skyline", "heights from the top", frame.skyline.tolist(), frame.horizon_confidence,
                      "parting of sky and land"))
    if frame.subject is not None:
        for group in ("layout", "subject"):
            named.append((group, "subject", "left, top, right, bottom", list(frame.subject),
                          frame.subject_confidence, "saliency"))
    named += [("layout", "layers", "sky, far, near", list(frame.layers), 0.8 if picture.layers_by else 0.5,
               picture.layers_by or "skyline and horizon"),
              ("style", "medium", "weights", dict(picture.medium), max(picture.medium.values(), default=0.0),
               "classifier"),
              ("style", "line", "0 to 1", picture.line, 0.7, "dark thin strokes"),
              ("style", "grain", "0 to 1", picture.grain, 0.7, "noise where it is smooth"),
              ("style", "texture", "0 to 1", picture.texture, 0.7, "fine detail")]
    if picture.setting:
        named.append(("setting", "setting", "weights", dict(picture.setting), max(picture.setting.values()),
                      picture.setting_by))
    if picture.said:
        named.append(("setting", "described", "a sentence", picture.said, 0.5, picture.said_by))
    if picture.subjects:
        named.append(("setting", "named", "bodies", list(picture.subjects), 0.5, picture.said_by))
    wanted = _ROLES.get(role or "")
    out: list[Cue] = []
    for group, name, unit, value, confidence, method in named:
        if (wanted is None or group in wanted) and not any(cue.name == name for cue in out):
            out.append(Cue(name, span_s, unit, value, float(confidence), method))
    return out

"""Laws of rotoscoping: a mask stays, follows, ends with a cut, comes back; alpha comes back from files; stop is clean."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from threading import Event as Flag

import av
import cv2
import numpy as np
import pytest

from modalities.faults import Stopped, Unavailable, Unusable
from modalities.roto.composite import Compositor, grain_of, shadow_of
from modalities.roto.cut_out import cut_out, told
from modalities.roto.export import AlphaFilm, PngFolder, own_colours, whole_or_nothing
from modalities.roto.frames import frames_of, look_at_film
from modalities.roto.matte import refined
from modalities.roto.propagate import Tracker
from modalities.roto.start import Wish, first_mask
from ui_gen.command_line.rotoscoping import wish_of
from ui_gen.command_line.run import main

WIDE, HIGH, COUNT = 128, 80, 10


def texture(seed: int, wide: int, high: int, low: tuple[int, int, int], span: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    soft = cv2.GaussianBlur(rng.normal(0, 1, (high, wide)).astype(np.float32), (0, 0), 1.5)
    return np.clip(np.array(low) + span * soft[..., None], 0, 255).astype(np.uint8)


def pictures(step: tuple[float, float], count: int = COUNT, seed: int = 0, camera: float = 0.0):
    """A red textured disc over a green textured land; (frames, true masks)."""
    land = texture(seed + 5, WIDE + 80, HIGH, (60, 120, 60), 60)
    skin = texture(seed + 6, 40, 40, (190, 60, 50), 60)
    out, masks = [], []
    for k in range(count):
        start = round(camera * k)
        rgb = land[:, start:start + WIDE].copy()
        x, y = round(44 + step[0] * k), round(38 + step[1] * k)
        disc = np.zeros((HIGH, WIDE), np.uint8)
        cv2.circle(disc, (x, y), 16, 1, -1)
        painted = np.zeros_like(rgb)
        painted[y - 20:y + 20, x - 20:x + 20] = skin
        out.append(np.where(disc[..., None] > 0, painted, rgb))
        masks.append(disc > 0)
    return out, masks


def iou(one: np.ndarray, other: np.ndarray) -> float:
    return float((one & other).sum() / max(1, (one | other).sum()))


def film(path: Path, frames, rate: int = 24, sound: bool = False) -> Path:
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=rate, options={"crf": "12"})
        video.width, video.height, video.pix_fmt = frames[0].shape[1], frames[0].shape[0], "yuv420p"
        audio = container.add_stream("aac", rate=48000, layout="stereo") if sound else None
        for rgb in frames:
            container.mux(video.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")))
        container.mux(video.encode(None))
        if audio is not None:
            t = np.arange(48000 * len(frames) // rate) / 48000
            for at in range(0, len(t) - 1023, 1024):
                tone = np.repeat(0.3 * np.sin(2 * np.pi * 440 * t[None, at:at + 1024]), 2, 0).astype(np.float32)
                frame = av.AudioFrame.from_ndarray(tone, format="fltp", layout="stereo")
                frame.sample_rate, frame.pts = 48000, at
                container.mux(audio.encode(frame))
            container.mux(audio.encode(None))
    return path


def tracked(frames, first: np.ndarray):
    tracker = Tracker()
    return [tracker.start(frames[0], first.astype(np.float32)), *(tracker.step(rgb) for rgb in frames[1:])]


def test_a_still_subject_keeps_its_mask():
    frames, masks = pictures((0, 0))
    seen = tracked(frames, masks[0])
    assert all(one.state == "held" for one in seen)
    assert min(iou(one.mask > 0.5, masks[0]) for one in seen) > 0.93
    assert iou(seen[-1].mask > 0.5, seen[-3].mask > 0.5) > 0.99


@pytest.mark.parametrize("step, camera", [((3.0, 0.0), 0.0), ((2.0, 1.0), 3.0), ((0.0, 0.0), 4.0)])
def test_a_mask_goes_with_its_subject(step: tuple[float, float], camera: float):
    frames, masks = pictures(step, camera=camera)
    seen = tracked(frames, masks[0])
    followed = [iou(one.mask > 0.5, mask) for one, mask in zip(seen, masks, strict=True)]
    assert min(followed) > 0.85
    if step[0]:
        assert min(followed) > iou(masks[0], masks[-1]) + 0.2


def test_a_cut_ends_the_mask_and_the_way_back_finds_it():
    frames, masks = pictures((1.0, 0.0), 6)
    elsewhere = [texture(70 + k // 9, WIDE, HIGH, (40, 60, 200), 70) for k in range(4)]
    seen = tracked([*frames, *elsewhere, *frames], masks[0])
    assert seen[6].state == "cut" and not any(one.mask.any() for one in seen[6:10])
    assert seen[10].state == "found" and iou(seen[10].mask > 0.5, masks[0]) > 0.7
    said = told([(k, one.state) for k, one in enumerate(seen)], Fraction(24))
    assert any("cut at 0.25 s" in line for line in said) and any("found again at 0.42 s" in line for line in said)


def test_a_covered_subject_is_let_go_and_found_again():
    frames, masks = pictures((0, 0), 14)
    wall = texture(40, WIDE, HIGH, (60, 120, 60), 60)
    hidden = [np.where((np.arange(WIDE) < 14 * k)[None, :, None], wall, rgb) if k <= 7 else rgb
              for k, rgb in enumerate(frames)]
    seen = tracked(hidden, masks[0])
    assert seen[6].state == "lost" and not seen[6].mask.any()
    assert seen[-1].mask.any() and iou(seen[-1].mask > 0.5, masks[0]) > 0.7


def test_point_box_and_eye_agree_on_a_plain_subject():
    frames, masks = pictures((2.0, 0.0), 5)
    for wish in (Wish(at=(44 / WIDE, 38 / HIGH)), Wish(box=(26 / WIDE, 20 / HIGH, 63 / WIDE, 57 / HIGH)), Wish()):
        mask = first_mask(frames, wish)
        assert mask is not None and iou(mask > 0.5, masks[0]) > 0.8, wish


def test_the_same_film_gives_the_same_alphas(tmp_path: Path):
    frames, _ = pictures((2.0, 0.0), 6)
    clip = look_at_film(film(tmp_path / "a.mp4", frames))
    first, again = ([one.alpha.tobytes() for one in cut_out(clip, Wish(), Flag())] for _ in range(2))
    assert first == again and len(first) == 6


def test_nothing_to_see_is_said(tmp_path: Path):
    grey = [np.full((HIGH, WIDE, 3), 128, np.uint8)] * 4
    clip = look_at_film(film(tmp_path / "grey.mp4", grey))
    with pytest.raises(Unusable, match="No subject stands out"):
        list(cut_out(clip, Wish(), Flag()))


def test_frames_come_at_the_rate_that_is_asked_for(tmp_path: Path):
    frames, _ = pictures((2.0, 0.0), 12)
    clip = look_at_film(film(tmp_path / "a.mp4", frames))
    assert (clip.rate, clip.frames, clip.size_px) == (24, 12, (WIDE, HIGH))
    whole = list(frames_of(clip, Flag()))
    assert len(whole) == 12 and np.abs(whole[7].astype(int) - frames[7]).mean() < 6
    assert len(list(frames_of(clip, Flag(), Fraction(12)))) in (6, 7)


def test_alpha_is_soft_at_the_edge_and_sure_away_from_it():
    frames, masks = pictures((0, 0), 1)
    large = cv2.resize(frames[0], (4 * WIDE, 4 * HIGH), interpolation=cv2.INTER_CUBIC)
    alpha = refined(large, frames[0], masks[0].astype(np.float32))
    inside = cv2.resize(cv2.erode(masks[0].astype(np.uint8), np.ones((11, 11))), large.shape[1::-1]) > 0
    outside = cv2.resize(cv2.dilate(masks[0].astype(np.uint8), np.ones((13, 13))), large.shape[1::-1]) == 0
    assert (alpha[inside] == 1).all() and (alpha[outside] == 0).all()
    assert 0.001 < float(((alpha > 0.05) & (alpha < 0.95)).mean()) < 0.1


def decoded(path: Path) -> list[np.ndarray]:
    codec = "libvpx-vp9" if path.suffix == ".webm" else None  # FFmpeg's own VP9 decoder leaves alpha out
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        if codec is None:
            return [f.to_ndarray(format="rgba") for f in container.decode(stream)]
        decoder = av.CodecContext.create(codec, "r")
        found = [f for packet in container.demux(stream) for f in decoder.decode(packet if packet.size else None)]
        return [f.to_ndarray(format="rgba") for f in found]


@pytest.mark.parametrize("suffix, most", [(".mov", 2), (".webm", 12), (".mkv", 0), ("", 0)])
def test_alpha_comes_back_from_a_file(tmp_path: Path, suffix: str, most: int):
    frames, masks = pictures((3.0, 0.0), 4)
    alphas = [cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 2.0) for mask in masks]
    path = tmp_path / f"out{suffix}"
    if suffix:
        with AlphaFilm(path, (WIDE, HIGH), Fraction(24)) as sink:
            for rgb, alpha in zip(frames, alphas, strict=True):
                sink.add(rgb, alpha)
        found = decoded(path)
    else:
        from PIL import Image

        sink = PngFolder(path)
        for rgb, alpha in zip(frames, alphas, strict=True):
            sink.add(rgb, alpha)
        found = [np.asarray(Image.open(name)) for name in sorted(path.iterdir())]
    assert len(found) == 4
    for rgba, alpha, rgb in zip(found, alphas, frames, strict=True):
        off = np.abs(rgba[:HIGH, :WIDE, 3].astype(int) - np.rint(255 * alpha).astype(int))
        assert off.max() <= max(most * 3, most) and off.mean() <= most
        solid = alpha > 0.99
        assert np.abs(rgba[:HIGH, :WIDE, :3][solid].astype(int) - rgb[solid].astype(int)).mean() < 8


def test_edges_hold_nothing_of_what_lay_behind():
    rgb = np.zeros((40, 40, 3), np.uint8)
    hard = np.zeros((40, 40), np.float32)
    cv2.circle(hard, (20, 20), 10, 1.0, -1)
    alpha = cv2.GaussianBlur(hard, (0, 0), 1.5)
    rgb[...] = np.rint(alpha[..., None] * [200.0, 40.0, 40.0] + (1 - alpha[..., None]) * [0.0, 255.0, 0.0])
    edge = (alpha > 0.2) & (alpha < 0.6)
    assert own_colours(rgb, alpha)[edge][:, 1].mean() < 0.6 * rgb[edge][:, 1].mean()


def test_a_new_world_is_untouched_beside_the_subject():
    frames, masks = pictures((0, 0), 2)
    world = texture(9, WIDE, HIGH, (90, 90, 160), 40)
    alpha = masks[0].astype(np.float32)
    out = Compositor(shadow=False).over(frames[0], alpha, world)
    far = cv2.dilate(masks[0].astype(np.uint8), np.ones((5, 5))) == 0
    assert np.abs(out[far].astype(int) - world[far].astype(int)).mean() < 6
    near = out[masks[0]].astype(float).mean(0) - frames[0][masks[0]].astype(float).mean(0)
    assert 0 < np.abs(near).max() < 45  # moved towards the world's light, a little
    assert out[masks[0]].astype(float).mean(0).argmax() == 0  # and still red
    assert Compositor().over(frames[0], np.zeros_like(alpha), world).tobytes() == world.tobytes()
    shade = shadow_of(alpha)
    assert 0.1 < shade.max() < 0.6 and shade[:30].max() == 0


def test_grain_is_measured():
    rng = np.random.default_rng(1)
    flat = np.full((120, 160, 3), 120.0)
    noisy = (flat + rng.normal(0, 5, (120, 160, 1))).clip(0, 255).astype(np.uint8)
    assert grain_of(flat.astype(np.uint8)) < 0.3 and 3.5 < grain_of(noisy) < 6.5


def test_stop_leaves_nothing(tmp_path: Path):
    frames, _ = pictures((2.0, 0.0), 8)
    clip = look_at_film(film(tmp_path / "a.mp4", frames))
    stop, out = Flag(), tmp_path / "made" / "alpha"
    with pytest.raises(Stopped), whole_or_nothing(out) as part:
        sink = PngFolder(part)
        for one in cut_out(clip, Wish(), stop):
            sink.add(one.rgb, one.alpha)
            stop.set()
    assert list((tmp_path / "made").iterdir()) == []


@pytest.mark.parametrize("at, box, words", [
    ("0.5", None, "X,Y"), ("a,b", None, "X,Y"), ("900,2", None, "outside"), (None, "0.5,0.5,0.4,0.9", "empty"),
    (None, "1,2,3", "LEFT,TOP"), ("0.1,0.1", "0,0,1,1", "not both"), ("nan,0.2", None, "X,Y")])
def test_wrong_places_get_one_sentence(at: str | None, box: str | None, words: str):
    with pytest.raises(Unusable, match=words):
        wish_of(at, box, (WIDE, HIGH))
    assert wish_of("64,40", None, (WIDE, HIGH)).at == wish_of("0.5,0.5", None, (WIDE, HIGH)).at


def test_wrong_files_and_weights_have_their_exit_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    frames, _ = pictures((2.0, 0.0), 3)
    good = str(film(tmp_path / "a.mp4", frames))
    (tmp_path / "words.mp4").write_text("no film at all")
    for words, code in ((["no.mp4"], 2), ([str(tmp_path / "words.mp4")], 2), ([good, "--to", "film"], 2),
                        ([good, "--out", "x.avi"], 2), ([good, "--world", "a lake", "--to", "mask"], 2),
                        ([good, "--weights", str(tmp_path / "none")], 3), ([good, "--world-take", "t0099"], 2)):
        assert main(["roto", *words, "--project", str(tmp_path / "p")]) == code, words
        lines = capsys.readouterr().err.strip().splitlines()
        assert len(lines[-1]) > 20 and "Traceback" not in lines[-1]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.mp4", "p", "words.mp4"]


def test_a_mask_film_and_a_subject_in_a_new_world(tmp_path: Path):
    import json

    from modalities.media import decode_track
    from modalities.store import Store

    frames, masks = pictures((2.0, 0.0), 8)
    source = film(tmp_path / "a.mp4", frames, sound=True)
    assert main(["roto", str(source), "--to", "mask", "--project", str(tmp_path / "p")]) == 0
    grey = list(frames_of(look_at_film(tmp_path / "a-mask.mp4"), Flag()))
    assert len(grey) == 8 and min(iou(g[..., 0] > 127, m) for g, m in zip(grey, masks, strict=True)) > 0.8
    assert main(["roto", str(source), "--world", "a snowfield at noon", "--still-world", "--project",
                 str(tmp_path / "p")]) == 0
    takes = Store(tmp_path / "p").open().takes()
    assert len(takes) == 2 and takes[1].parent == takes[0].id
    made, world = (list(frames_of(look_at_film(take.video), Flag())) for take in (takes[1], takes[0]))
    assert len(made) == 8
    far = cv2.dilate(masks[4].astype(np.uint8), np.ones((25, 25))) == 0
    far[44:] = False  # the shadow
    assert np.abs(made[4][far].astype(int) - world[4][far].astype(int)).mean() < 8
    assert made[4][masks[4]].astype(float).mean(0).argmax() == 0
    heard = decode_track(takes[1].audio, tmp_path / "heard.wav")
    assert heard.peak > 0.2 and abs(heard.duration_s - 8 / 24) < 0.01
    tone = np.abs(np.fft.rfft(heard.read()[2000:12000, 0]))
    assert abs(np.argmax(tone) * 48000 / 10000 - 440) < 10
    assert json.loads((takes[1].dir / "take.json").read_text())["engine"] == "roto"


def tiny_sam(folder: Path) -> Path:
    """A SAM 2 video model with random weights, as small as its parts allow."""
    import torch
    from transformers import Sam2VideoConfig, Sam2VideoModel

    torch.manual_seed(0)
    backbone = {"model_type": "sam2_hiera_det_model", "hidden_size": 8, "num_attention_heads": 1,
                "image_size": [64, 64], "blocks_per_stage": [1, 2, 2, 1], "embed_dim_per_stage": [8, 16, 32, 64],
                "num_attention_heads_per_stage": [1, 1, 1, 1], "window_size_per_stage": [4, 4, 4, 4],
                "global_attention_blocks": [2], "window_positional_embedding_background_size": [4, 4]}
    config = Sam2VideoConfig(
        vision_config={"backbone_config": backbone, "backbone_channel_list": [64, 32, 16, 8], "fpn_hidden_size": 128,
                       "backbone_feature_sizes": [[16, 16], [8, 8], [4, 4]]},
        prompt_encoder_config={"hidden_size": 128, "image_size": 64, "patch_size": 16, "mask_input_channels": 4},
        mask_decoder_config={"hidden_size": 128, "mlp_dim": 32, "num_hidden_layers": 1, "num_attention_heads": 2,
                             "iou_head_hidden_dim": 16},
        image_size=64, num_maskmem=3, max_object_pointers_in_encoder=4, memory_attention_hidden_size=128,
        memory_attention_num_layers=1, memory_attention_feed_forward_hidden_size=32,
        memory_attention_rope_feat_sizes=[4, 4], memory_encoder_hidden_size=128, memory_encoder_output_channels=64,
        mask_downsampler_embed_dim=128, memory_fuser_embed_dim=128, memory_fuser_intermediate_dim=32,
        memory_fuser_num_layers=1)
    Sam2VideoModel(config).save_pretrained(folder)
    return folder


def test_a_sam_model_from_disk_takes_prompts_and_streams(tmp_path: Path):
    from modalities.engines.sam import SamFollower, missing

    assert "no weights" in str(missing(tmp_path / "none"))
    with pytest.raises(Unavailable):
        SamFollower(tmp_path / "none", Wish())
    weights = tiny_sam(tmp_path / "sam")
    frames, masks = pictures((2.0, 0.0), 8)
    for wish in (Wish(at=(0.35, 0.5)), Wish(box=(0.2, 0.2, 0.5, 0.7)), Wish()):
        follower = SamFollower(weights, wish)
        seen = [follower.start(frames[0], masks[0].astype(np.float32)), *(follower.step(f) for f in frames[1:])]
        assert all(one.mask.shape == (HIGH, WIDE) and one.mask.dtype == np.float32 for one in seen)
        assert all(one.mask.min() >= 0 and one.mask.max() <= 1 for one in seen)
        kept = follower._session.output_dict_per_obj[0]["non_cond_frame_outputs"]
        assert len(follower._session.processed_frames) <= 1 and len(kept) <= 7
    again = SamFollower(weights, Wish(at=(0.35, 0.5)))
    other = SamFollower(weights, Wish(at=(0.35, 0.5)))
    assert again.start(frames[0], masks[0]).mask.tobytes() == other.start(frames[0], masks[0]).mask.tobytes()
    clip = look_at_film(film(tmp_path / "a.mp4", frames))
    assert len(list(cut_out(clip, Wish(at=(0.35, 0.5)), Flag(), follower=SamFollower(weights, Wish(at=(0.35, 0.5)))))) == 8

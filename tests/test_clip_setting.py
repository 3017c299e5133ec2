"""A vision-language model says where a picture is; tiny random weights, built here, stand for real ones."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from modalities.engines.clip import DESCRIBED, MANNERS, mark_of, setting_of, weights_in
from modalities.faults import Unavailable
from ui_gen.command_line.run import main
from world_model.vocabulary import SETTINGS

SIDE = 32
TEXT = {"vocab_size": 200, "hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32,
        "max_position_embeddings": 16, "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0}
VISION = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32,
          "image_size": SIDE, "patch_size": 8}


@pytest.fixture(scope="module", params=["clip", "siglip"])
def weights(request, tmp_path_factory) -> Path:
    import transformers as T
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    folder = tmp_path_factory.mktemp(request.param)
    torch.manual_seed(3)
    if request.param == "clip":
        model = T.CLIPModel(T.CLIPConfig(text_config=TEXT, vision_config=VISION, projection_dim=16))
    else:
        model = T.SiglipModel(T.SiglipConfig(text_config=TEXT | {"projection_size": 32}, vision_config=VISION))
    with torch.no_grad():
        model.logit_scale.fill_(2.0)
    model.save_pretrained(folder)
    words = {"<pad>": 0, "<s>": 1, "</s>": 2, "<unk>": 3}
    for text in [word for said in DESCRIBED.values() for line in said for word in line.split()] + " ".join(MANNERS).split():
        words.setdefault(text, len(words))
    plain = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
    plain.pre_tokenizer = pre_tokenizers.Whitespace()
    plain.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 1), ("</s>", 2)])
    T.PreTrainedTokenizerFast(tokenizer_object=plain, pad_token="<pad>", unk_token="<unk>", bos_token="<s>",
                              eos_token="</s>").save_pretrained(folder)
    (folder / "preprocessor_config.json").write_text(json.dumps({"image_mean": [0.5, 0.4, 0.3], "image_std": [0.2, 0.3, 0.4]}))
    return folder


def picture(seed: int, size: tuple[int, int] = (40, 64)) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.repeat(np.repeat(rng.integers(0, 256, (size[0] // 8, size[1] // 8, 3)), 8, 0), 8, 1).astype(np.uint8)


def test_it_says_what_the_model_itself_says(weights):
    import transformers as T

    rgb = picture(1, (SIDE, SIDE))
    found = setting_of(rgb, weights)
    model = T.AutoModel.from_pretrained(weights).eval()
    tokens = T.AutoTokenizer.from_pretrained(weights)
    pixels = torch.from_numpy(((rgb / 255.0 - [0.5, 0.4, 0.3]) / [0.2, 0.3, 0.4]).transpose(2, 0, 1)[None].astype(np.float32))
    scores = []
    with torch.no_grad():
        seen = torch.nn.functional.normalize(model.vision_model(pixels).pooler_output @ model.visual_projection.weight.T
                                             if hasattr(model, "visual_projection") else model.vision_model(pixels).pooler_output)
        for name in SETTINGS:
            ids = tokens([m.format(t) for t in DESCRIBED[name] for m in MANNERS], padding="max_length", max_length=16,
                         truncation=True, return_tensors="pt")
            text = model.get_text_features(input_ids=ids["input_ids"], attention_mask=ids["attention_mask"])
            text = torch.nn.functional.normalize(getattr(text, "pooler_output", text))
            scores.append(float((torch.nn.functional.normalize(text.mean(0, keepdim=True)) @ seen.T)[0, 0] * np.exp(2.0)))
    shares = np.exp(scores) / np.exp(scores).sum()
    for name, share in found.items():
        assert share == pytest.approx(shares[SETTINGS.index(name)], abs=1e-4)
    assert max(found, key=found.get) == SETTINGS[int(np.argmax(shares))]


def test_same_picture_same_answer_and_other_pictures_other_weights(weights):
    assert setting_of(picture(2), weights) == setting_of(picture(2), weights)
    assert len({tuple(setting_of(picture(seed), weights).items()) for seed in range(4)}) == 4


def test_a_folder_that_cannot_be_used_is_told_in_one_sentence(tmp_path, weights):
    assert weights_in({}) is None
    with pytest.raises(Unavailable, match="BEECAM_CLIP names"):
        weights_in({"BEECAM_CLIP": str(tmp_path / "none")})
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model.safetensors").write_bytes(b"nothing")
    assert weights_in({"BEECAM_CLIP": str(tmp_path)}) == tmp_path
    with pytest.raises(Unavailable, match="cannot be opened"):
        setting_of(picture(1), tmp_path)
    assert mark_of(tmp_path) != mark_of(weights)


def test_perceive_asks_the_model_and_says_so(weights, tmp_path, monkeypatch, capsys):
    Image.fromarray(picture(5, (96, 128))).save(tmp_path / "a.png")

    def cues() -> dict:
        words = ["perceive", str(tmp_path / "a.png"), "--project", str(tmp_path / "p"), "--json"]
        assert main(words) == 0
        return {cue["name"]: cue for cue in json.loads(capsys.readouterr().out.splitlines()[-1])["cues"]}

    plain = cues()
    monkeypatch.setenv("BEECAM_CLIP", str(weights))
    asked = cues()
    assert asked["setting"]["method"] == f"zero-shot, {weights.name}"
    assert asked["setting"]["value"] == pytest.approx(setting_of(picture(5, (96, 128)), weights), abs=1e-3)
    assert asked["palette"] == plain["palette"]

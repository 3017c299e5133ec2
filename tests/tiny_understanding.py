"""Tiny random-weight models that see and hear, built with the library's own classes and saved to a folder: what goes
into them and comes out is real, what they say is noise."""

from __future__ import annotations

import json
from pathlib import Path

SIDE = 32
LANGUAGES = ("<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|de|>", "<|translate|>", "<|transcribe|>", "<|startoflm|>",
             "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>")


def word_tokenizer(folder: Path, words: list[str]) -> int:
    """A tokenizer of whole words; how many it knows."""
    import transformers as T
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    known = {"<pad>": 0, "<s>": 1, "</s>": 2, "<unk>": 3}
    for word in words:
        known.setdefault(word, len(known))
    plain = Tokenizer(models.WordLevel(known, unk_token="<unk>"))
    plain.pre_tokenizer = pre_tokenizers.Whitespace()
    plain.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 1), ("</s>", 2)])
    T.PreTrainedTokenizerFast(tokenizer_object=plain, pad_token="<pad>", unk_token="<unk>", bos_token="<s>",
                              eos_token="</s>").save_pretrained(folder)
    return len(known)


def build_clip(folder: Path, words: list[str]) -> None:
    import torch
    import transformers as T

    torch.manual_seed(3)
    count = word_tokenizer(folder, words)
    text = {"vocab_size": count, "hidden_size": 24, "num_hidden_layers": 1, "num_attention_heads": 2,
            "intermediate_size": 40, "max_position_embeddings": 20, "pad_token_id": 0, "bos_token_id": 1,
            "eos_token_id": 2}
    sight = {"hidden_size": 24, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 40,
             "image_size": SIDE, "patch_size": 8}
    T.CLIPModel(T.CLIPConfig(text_config=text, vision_config=sight, projection_dim=16)).save_pretrained(folder)
    (folder / "preprocessor_config.json").write_text(json.dumps({"image_mean": [0.5] * 3, "image_std": [0.25] * 3}))


def build_clap(folder: Path, words: list[str]) -> None:
    import torch
    import transformers as T

    torch.manual_seed(5)
    count = word_tokenizer(folder, words)
    text = {"vocab_size": count, "hidden_size": 24, "num_hidden_layers": 1, "num_attention_heads": 2,
            "intermediate_size": 40, "projection_dim": 12, "max_position_embeddings": 40, "pad_token_id": 0}
    sound = {"spec_size": 128, "patch_embeds_hidden_size": 8, "depths": [1, 1], "num_attention_heads": [2, 2],
             "hidden_size": 16, "window_size": 4, "projection_dim": 12, "num_mel_bins": 32, "enable_fusion": False}
    model = T.ClapModel(T.ClapConfig(text_config=text, audio_config=sound, projection_dim=12))
    with torch.no_grad():
        model.logit_scale_a.fill_(4.0)
    model.save_pretrained(folder)
    T.ClapFeatureExtractor(feature_size=32, max_length_s=2, truncation="rand_trunc").save_pretrained(folder)


def build_whisper(folder: Path) -> None:
    import torch
    import transformers as T
    from tokenizers import pre_tokenizers

    torch.manual_seed(11)
    letters = sorted(pre_tokenizers.ByteLevel.alphabet(), key=lambda one: (not (one.isascii() and one.isalpha()), one))
    tokens = T.WhisperTokenizer(vocab={one: k for k, one in enumerate(letters)}, merges=[])
    tokens.add_special_tokens({"extra_special_tokens": list(LANGUAGES)})
    ids = {name: int(tokens.convert_tokens_to_ids(name)) for name in LANGUAGES}
    first_time = ids["<|notimestamps|>"] + 1
    tokens.save_pretrained(folder)
    config = T.WhisperConfig(
        vocab_size=first_time + 1501, d_model=24, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
        decoder_attention_heads=2, encoder_ffn_dim=32, decoder_ffn_dim=32, num_mel_bins=16, max_source_positions=1500,
        max_target_positions=40, pad_token_id=ids["<|endoftext|>"], bos_token_id=ids["<|endoftext|>"],
        eos_token_id=ids["<|endoftext|>"], decoder_start_token_id=ids["<|startoftranscript|>"], suppress_tokens=None,
        begin_suppress_tokens=None)
    model = T.WhisperForConditionalGeneration(config)
    with torch.no_grad():  # what an untrained model says is otherwise one moment over and over
        model.proj_out.weight.mul_(6.0)
    made = model.generation_config
    made.is_multilingual, made.no_timestamps_token_id = True, ids["<|notimestamps|>"]
    made.lang_to_id = {"<|en|>": ids["<|en|>"], "<|de|>": ids["<|de|>"]}
    made.task_to_id = {"transcribe": ids["<|transcribe|>"], "translate": ids["<|translate|>"]}
    made.max_initial_timestamp_index, made.max_length = 50, 36
    made._from_model_config = False  # else it is made anew when it is opened
    model.save_pretrained(folder)
    T.WhisperFeatureExtractor(feature_size=16).save_pretrained(folder)


def build_blip(folder: Path, words: list[str]) -> None:
    import torch
    import transformers as T

    torch.manual_seed(17)
    count = word_tokenizer(folder, words)
    text = {"vocab_size": count, "hidden_size": 24, "encoder_hidden_size": 24, "num_hidden_layers": 1,
            "num_attention_heads": 2, "intermediate_size": 40, "max_position_embeddings": 64, "projection_dim": 12,
            "bos_token_id": 1, "eos_token_id": 2, "sep_token_id": 2, "pad_token_id": 0, "hidden_dropout_prob": 0.0,
            "attention_probs_dropout_prob": 0.0}
    sight = {"hidden_size": 24, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 40,
             "image_size": SIDE, "patch_size": 8, "initializer_range": 0.3}
    model = T.BlipForConditionalGeneration(T.BlipConfig(text_config=text, vision_config=sight, projection_dim=12))
    with torch.no_grad():  # else every picture gets the same word, and the sentence ends after it
        for weight in model.text_decoder.bert.encoder.layer[0].crossattention.parameters():
            weight.mul_(20.0)
        model.text_decoder.cls.predictions.bias[2] = -50.0
    model.save_pretrained(folder)


def build_depth(folder: Path) -> None:
    import torch
    import transformers as T

    torch.manual_seed(23)
    backbone = {"model_type": "dinov2", "hidden_size": 24, "num_hidden_layers": 4, "num_attention_heads": 2,
                "mlp_ratio": 2, "image_size": 56, "patch_size": 14, "reshape_hidden_states": False,
                "out_features": ["stage1", "stage2", "stage3", "stage4"], "apply_layernorm": True}
    T.DepthAnythingForDepthEstimation(T.DepthAnythingConfig(
        backbone_config=backbone, patch_size=14, reassemble_hidden_size=24, neck_hidden_sizes=[8, 8, 16, 16],
        fusion_hidden_size=8, head_hidden_size=8)).save_pretrained(folder)

"""A tiny random-weight LTX-2 with sound, built with the library's own classes: plumbing is real, pictures are noise."""

from __future__ import annotations

from pathlib import Path

WORD = 24


def tokenizer():
    """Gemma's, of single letters."""
    from transformers import GemmaTokenizer

    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,!?:;'-() \n"
    pieces = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "▁", "<start_of_turn>", "<end_of_turn>", *letters]
    return GemmaTokenizer(vocab={piece: k for k, piece in enumerate(dict.fromkeys(pieces))}, merges=[],
                          model_max_length=48)


def reader(size: int):
    from transformers import Gemma3Config, Gemma3ForConditionalGeneration

    text = {"vocab_size": size, "hidden_size": WORD, "intermediate_size": 32, "num_hidden_layers": 1,
            "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 12, "sliding_window": 16,
            "max_position_embeddings": 256, "layer_types": ["full_attention"]}
    seeing = {"hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1,
              "image_size": 28, "patch_size": 14}
    return Gemma3ForConditionalGeneration(Gemma3Config(text_config=text, vision_config=seeing,
                                                       mm_tokens_per_image=4)).eval()


def transformer(layers: int = 2):
    from diffusers import LTX2VideoTransformer3DModel

    return LTX2VideoTransformer3DModel(
        in_channels=8, out_channels=8, patch_size=1, patch_size_t=1, num_attention_heads=2, attention_head_dim=8,
        cross_attention_dim=16, audio_in_channels=8, audio_out_channels=8, audio_num_attention_heads=2,
        audio_attention_head_dim=4, audio_cross_attention_dim=8, num_layers=layers, qk_norm="rms_norm_across_heads",
        caption_channels=WORD, rope_double_precision=False, rope_type="split")


def build_ltx2(folder: Path, distilled: bool = False) -> None:
    """A whole LTX2Pipeline in `folder`; its sides shrink by 32 and its frames by 8, as the real one's."""
    import torch
    from diffusers import (
        AutoencoderKLLTX2Audio,
        AutoencoderKLLTX2Video,
        FlowMatchEulerDiscreteScheduler,
        LTX2Pipeline,
    )
    from diffusers.pipelines.ltx2 import LTX2TextConnectors
    from diffusers.pipelines.ltx2.vocoder import LTX2Vocoder

    torch.manual_seed(11)
    words = tokenizer()
    text_encoder = reader(len(words) + 4)
    connectors = LTX2TextConnectors(
        caption_channels=WORD, text_proj_in_factor=2, video_connector_num_attention_heads=2,
        video_connector_attention_head_dim=12, video_connector_num_layers=1, video_connector_num_learnable_registers=None,
        audio_connector_num_attention_heads=2, audio_connector_attention_head_dim=12, audio_connector_num_layers=1,
        audio_connector_num_learnable_registers=None, connector_rope_base_seq_len=32, rope_theta=10000.0,
        rope_double_precision=False, causal_temporal_positioning=False, rope_type="split")
    vae = AutoencoderKLLTX2Video(
        latent_channels=8, block_out_channels=(4, 8, 16, 32), decoder_block_out_channels=(8, 16, 32),
        layers_per_block=(1, 1, 1, 1, 1), decoder_layers_per_block=(1, 1, 1, 1), spatial_compression_ratio=32,
        temporal_compression_ratio=8).eval()
    audio_vae = AutoencoderKLLTX2Audio(
        base_channels=8, output_channels=2, ch_mult=(1, 1, 1), num_res_blocks=1, attn_resolutions=None, in_channels=2,
        resolution=32, latent_channels=2, norm_type="pixel", causality_axis="height", dropout=0.0,
        mid_block_add_attention=False, sample_rate=16000, mel_hop_length=160, is_causal=True, mel_bins=16).eval()
    vocoder = LTX2Vocoder(in_channels=32, hidden_channels=8, out_channels=2, upsample_kernel_sizes=[4, 4],
                          upsample_factors=[2, 2], resnet_kernel_sizes=[3], resnet_dilations=[[1, 3, 5]],
                          leaky_relu_negative_slope=0.1, output_sampling_rate=400).eval()
    scheduler = FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=not distilled, base_shift=0.95, max_shift=2.05)
    LTX2Pipeline(transformer=transformer(), vae=vae, audio_vae=audio_vae, scheduler=scheduler, text_encoder=text_encoder,
                 tokenizer=words, connectors=connectors, vocoder=vocoder, processor=None, prompt_enhancer=None,
                 duration_head=None).save_pretrained(str(folder))


def build_control(folder: Path) -> None:
    """An in-context adapter for the tiny transformer, as a file of LoRA weights."""
    import torch
    from diffusers.loaders import LTX2LoraLoaderMixin
    from peft import LoraConfig, get_peft_model_state_dict

    torch.manual_seed(13)
    model = transformer()
    model.add_adapter(LoraConfig(r=2, target_modules=["to_q", "to_k", "to_v"], init_lora_weights=False))
    LTX2LoraLoaderMixin.save_lora_weights(str(folder), transformer_lora_layers=get_peft_model_state_dict(model))

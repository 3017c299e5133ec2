"""Tiny random-weight video pipelines, built with the libraries' own classes and saved to a folder: plumbing is real,
pictures are noise."""

from __future__ import annotations

from pathlib import Path

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,!?:;'\"-()[]<>/_"


def words_for_t5():
    """A T5 tokenizer of single letters: pad 0, end 1, unknown 2."""
    from transformers import T5Tokenizer

    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -2.0), *((one, -3.0) for one in LETTERS)]
    return T5Tokenizer(vocab=pieces, extra_ids=0, model_max_length=48)


def umt5(width: int = 24):
    from transformers import UMT5Config, UMT5EncoderModel

    return UMT5EncoderModel(UMT5Config(
        vocab_size=64, d_model=width, d_kv=6, d_ff=32, num_layers=1, num_heads=4, relative_attention_num_buckets=8,
        dropout_rate=0.0, pad_token_id=0, eos_token_id=1, decoder_start_token_id=0)).eval()


def wan_coder():
    from diffusers import AutoencoderKLWan

    return AutoencoderKLWan(base_dim=4, z_dim=16, dim_mult=[1, 1, 1, 1], num_res_blocks=1,
                            temperal_downsample=[False, True, True]).eval()


def build_wan_vace(folder: Path) -> None:
    """A whole WanVACEPipeline in `folder`."""
    import torch
    from diffusers import UniPCMultistepScheduler, WanVACEPipeline, WanVACETransformer3DModel

    torch.manual_seed(7)
    transformer = WanVACETransformer3DModel(
        patch_size=(1, 2, 2), num_attention_heads=2, attention_head_dim=12, in_channels=16, out_channels=16, text_dim=24,
        freq_dim=64, ffn_dim=40, num_layers=2, cross_attn_norm=True, qk_norm="rms_norm_across_heads",
        rope_max_seq_len=64, vace_layers=[0, 1], vace_in_channels=96)
    scheduler = UniPCMultistepScheduler(prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0)
    WanVACEPipeline(tokenizer=words_for_t5(), text_encoder=umt5(), transformer=transformer, vae=wan_coder(),
                    scheduler=scheduler).save_pretrained(str(folder))


def build_anyflow(folder: Path) -> None:
    """A whole AnyFlowFARPipeline in `folder`."""
    import torch
    from diffusers import AnyFlowFARPipeline, AnyFlowFARTransformer3DModel, FlowMapEulerDiscreteScheduler

    torch.manual_seed(9)
    transformer = AnyFlowFARTransformer3DModel(
        patch_size=(1, 2, 2), compressed_patch_size=(1, 4, 4), full_chunk_limit=3, num_attention_heads=2,
        attention_head_dim=12, in_channels=16, out_channels=16, text_dim=24, freq_dim=64, ffn_dim=40, num_layers=2,
        cross_attn_norm=True, rope_max_seq_len=64, gate_value=0.25, deltatime_type="r", chunk_partition=(1, 3, 3))
    AnyFlowFARPipeline(tokenizer=words_for_t5(), text_encoder=umt5(), transformer=transformer, vae=wan_coder(),
                       scheduler=FlowMapEulerDiscreteScheduler(num_train_timesteps=1000, shift=5.0)
                       ).save_pretrained(str(folder))

"""Tiny random-weight music pipelines, built with the libraries' own classes and saved to a folder: plumbing is real,
the music is noise."""

from __future__ import annotations

from pathlib import Path

from tiny_video import words_for_t5

RATE_HZ = 2000


def words_for_qwen():
    """A Qwen tokenizer of single bytes."""
    from tokenizers.pre_tokenizers import ByteLevel
    from transformers import Qwen2Tokenizer

    table = {letter: number for number, letter in enumerate(sorted(ByteLevel.alphabet()))}
    table |= {word: len(table) + k for k, word in enumerate(("<|endoftext|>", "<|im_start|>", "<|im_end|>"))}
    return Qwen2Tokenizer(vocab=table, merges=[], model_max_length=512)


def words_for_gemma():
    """A Gemma tokenizer of single letters."""
    from transformers import GemmaTokenizer

    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,#-▁"
    pieces = ["<pad>", "<eos>", "<bos>", "<unk>", *letters]
    return GemmaTokenizer(vocab={piece: k for k, piece in enumerate(pieces)}, merges=[], model_max_length=64)


def stirred(model, spread: float):
    """The model with every matrix drawn anew: as built, what should be learnt is zero and hides what comes in."""
    import torch

    with torch.no_grad():
        for weight in model.parameters():
            if weight.ndim > 1:
                weight.normal_(std=spread / weight[0].numel() ** 0.5)
            elif not bool(weight.any()) or float(weight.abs().max()) < 0.01:
                weight.fill_(0.3)
    return model.eval()


def build_ace_step(folder: Path) -> None:
    """A whole AceStepPipeline, with the tokens of sound that covers need."""
    import torch
    from diffusers import (
        AceStepPipeline,
        AceStepTransformer1DModel,
        AutoencoderOobleck,
        FlowMatchEulerDiscreteScheduler,
    )
    from diffusers.pipelines.ace_step.modeling_ace_step import (
        AceStepAudioTokenDetokenizer,
        AceStepAudioTokenizer,
        AceStepConditionEncoder,
    )
    from transformers import Qwen3Config, Qwen3Model

    torch.manual_seed(11)
    words = words_for_qwen()
    text = Qwen3Model(Qwen3Config(
        hidden_size=32, intermediate_size=48, num_hidden_layers=1, num_attention_heads=4, num_key_value_heads=2,
        head_dim=8, vocab_size=len(words) + 8, max_position_embeddings=4096)).eval()
    shape = {"hidden_size": 32, "intermediate_size": 48, "num_attention_heads": 4, "num_key_value_heads": 2,
             "head_dim": 8, "rope_theta": 10000.0, "sliding_window": 16}
    coder = AutoencoderOobleck(encoder_hidden_size=16, downsampling_ratios=[5, 16], decoder_channels=6,
                               decoder_input_channels=8, audio_channels=2, channel_multiples=[1, 2],
                               sampling_rate=RATE_HZ).eval()
    tokens = {"audio_acoustic_hidden_dim": 8, "pool_window_size": 5, "num_attention_pooler_hidden_layers": 1}
    AceStepPipeline(
        vae=coder, text_encoder=text, tokenizer=words,
        transformer=stirred(AceStepTransformer1DModel(
            num_hidden_layers=2, in_channels=24, audio_acoustic_hidden_dim=8, patch_size=2, is_turbo=True, **shape), 1.0),
        condition_encoder=stirred(AceStepConditionEncoder(
            text_hidden_dim=32, timbre_hidden_dim=8, num_lyric_encoder_hidden_layers=1,
            num_timbre_encoder_hidden_layers=1, **shape), 1.0),
        scheduler=FlowMatchEulerDiscreteScheduler(num_train_timesteps=1, shift=1.0),
        audio_tokenizer=stirred(AceStepAudioTokenizer(fsq_dim=32, fsq_input_levels=[4, 4, 4], **tokens, **shape), 2.0),
        audio_token_detokenizer=stirred(AceStepAudioTokenDetokenizer(**tokens, **shape), 1.0)).save_pretrained(str(folder))


def build_stable_audio3(folder: Path) -> None:
    """A whole StableAudio3Pipeline."""
    import torch
    from diffusers import AutoencoderSAME, FlowMatchEulerDiscreteScheduler, StableAudio3DiTModel, StableAudio3Pipeline
    from diffusers.pipelines.stable_audio_3.modeling_stable_audio_3 import StableAudio3DurationEmbedder
    from transformers import T5GemmaConfig, T5GemmaEncoderModel
    from transformers.models.t5gemma.configuration_t5gemma import T5GemmaModuleConfig

    torch.manual_seed(12)
    words = words_for_gemma()
    part = T5GemmaModuleConfig(
        vocab_size=len(words) + 8, hidden_size=16, intermediate_size=24, num_hidden_layers=1, num_attention_heads=2,
        num_key_value_heads=1, head_dim=8, max_position_embeddings=64, sliding_window=64,
        layer_types=["full_attention"]).to_dict()
    text = T5GemmaEncoderModel(T5GemmaConfig(encoder=part, decoder=part, is_encoder_decoder=False)).eval()
    StableAudio3Pipeline(
        transformer=stirred(StableAudio3DiTModel(
            io_channels=8, patch_size=1, embed_dim=32, depth=2, num_heads=4, cond_token_dim=16, global_cond_dim=16,
            local_add_cond_dim=9, timestep_features_dim=16, ff_mult=2, num_memory_tokens=3,
            use_differential_attention=False), 1.0),
        vae=stirred(AutoencoderSAME(
            audio_channels=2, patch_size=8, encoder_channels=8, encoder_c_mults=(2,), encoder_strides=(4,),
            encoder_transformer_depths=(1,), latent_dim=8, use_differential_attention=False, dim_heads=4, ff_mult=2,
            sampling_rate=RATE_HZ), 1.0),
        scheduler=FlowMatchEulerDiscreteScheduler(num_train_timesteps=1, shift=1.0, stochastic_sampling=True),
        text_encoder=text, tokenizer=words,
        duration_embedder=StableAudio3DurationEmbedder(output_dim=16, fourier_dim=16)).save_pretrained(str(folder))


def build_musicgen(folder: Path, melody: bool = False) -> None:
    """A MusicGen model and its tokenizer."""
    import torch
    import transformers as tf

    torch.manual_seed(13)
    text = tf.T5Config(vocab_size=64, d_model=16, d_kv=4, d_ff=24, num_layers=1, num_heads=4, dropout_rate=0.0,
                       pad_token_id=0, eos_token_id=1, decoder_start_token_id=0)
    coder = tf.EncodecConfig(
        target_bandwidths=[4 * 5 * 50 / 1000], sampling_rate=RATE_HZ, audio_channels=1, hidden_size=8, num_filters=4,
        upsampling_ratios=[5, 8], codebook_size=32, codebook_dim=8, num_lstm_layers=1, norm_type="weight_norm")
    shape = {"vocab_size": 32, "pad_token_id": 32, "bos_token_id": 32, "hidden_size": 16, "ffn_dim": 24,
             "num_hidden_layers": 1, "num_attention_heads": 2, "num_codebooks": 4, "max_position_embeddings": 2048}
    kind, decoder, config = (
        (tf.MusicgenMelodyForConditionalGeneration, tf.MusicgenMelodyDecoderConfig, tf.MusicgenMelodyConfig) if melody
        else (tf.MusicgenForConditionalGeneration, tf.MusicgenDecoderConfig, tf.MusicgenConfig))
    made = config(text_encoder=text.to_dict() | {"model_type": "t5"},
                  audio_encoder=coder.to_dict() | {"model_type": "encodec"}, decoder=decoder(**shape).to_dict(),
                  **({"chroma_length": 20} if melody else {}))
    model = kind(made).eval()
    # As built its logits are so alike that what it is told changes no token.
    for part in ("decoder", "enc_to_dec_proj", "audio_enc_to_dec_proj"):
        if hasattr(model, part):
            stirred(getattr(model, part), 2.0)
    stirred(model.text_encoder, 1.0)
    for layer in model.audio_encoder.quantizer.layers:
        layer.codebook.embed.normal_(std=0.3)
    model.generation_config.decoder_start_token_id = 32
    model.generation_config.pad_token_id = 32
    model.save_pretrained(str(folder))
    words_for_t5().save_pretrained(str(folder))

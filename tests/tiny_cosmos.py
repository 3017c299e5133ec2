"""A tiny random-weight Cosmos-Transfer, and fakes (they say so) of the two packages that cannot be had without a GPU build."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import SimpleNamespace

import torch
from tiny_video import wan_coder

WIDTH = 16
SHAPED = {"num_attention_heads": 2, "attention_head_dim": 16, "mlp_ratio": 2, "text_embed_dim": 2 * WIDTH, "adaln_lora_dim": 4,
          "patch_size": (1, 2, 2), "max_size": (64, 32, 32), "rope_scale": (2.0, 1.0, 1.0),
          "extra_pos_embed_type": "learnable", "img_context_dim_in": 32, "img_context_dim_out": 32}


class FakeGuard(torch.nn.Module):
    """A fake of the licence's guard: it forbids prompts and pictures when told to."""

    forbidden_words = "forbidden"
    blind = False

    def __init__(self) -> None:
        super().__init__()
        self.nothing = torch.nn.Parameter(torch.zeros(1))

    def check_text_safety(self, prompt: str) -> bool:
        return self.forbidden_words not in prompt

    def check_video_safety(self, frames):
        return None if self.blind else frames

    @property
    def device(self):
        return self.nothing.device

    @property
    def dtype(self):
        return self.nothing.dtype

    def save_pretrained(self, folder: str, **_: object) -> None:
        Path(folder).mkdir(parents=True, exist_ok=True)


def lend_torchvision() -> None:
    """A fake of the one function that these models take from torchvision, which has no build beside a CPU torch here."""
    def resize(x, size, interpolation=None):
        return torch.nn.functional.interpolate(x.float(), size=tuple(size), mode="nearest").to(x.dtype)

    lent = SimpleNamespace(functional=SimpleNamespace(resize=resize), InterpolationMode=SimpleNamespace(NEAREST="nearest"))
    for name in ("diffusers.models.controlnets.controlnet_cosmos", "diffusers.models.transformers.transformer_cosmos"):
        module = importlib.import_module(name)
        if not hasattr(module, "transforms"):
            module.transforms = lent


def reader():
    from tokenizers.pre_tokenizers import ByteLevel
    from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration, Qwen2Tokenizer

    vocabulary = {letter: k for k, letter in enumerate(sorted(ByteLevel.alphabet()))}
    for special in ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>",
                    "<|video_pad|>"):
        vocabulary[special] = len(vocabulary)
    words = Qwen2Tokenizer(vocab=vocabulary, merges=[], model_max_length=512)
    words.add_special_tokens({"additional_special_tokens": [one for one in vocabulary if one.startswith("<|")]})
    words.chat_template = ("{% for m in messages %}{{m['role']}} {% if m['content'] is string %}{{m['content']}}"
                           "{% else %}{% for c in m['content'] %}{{c['text']}}{% endfor %}{% endif %}{% endfor %}")
    ids = words.convert_tokens_to_ids
    config = Qwen2_5_VLConfig(
        text_config={"vocab_size": len(words) + 4, "hidden_size": WIDTH, "intermediate_size": 16, "num_hidden_layers": 2,
                     "num_attention_heads": 2, "num_key_value_heads": 2, "max_position_embeddings": 1024,
                     "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0, "mrope_section": [1, 1, 2]}},
        vision_config={"depth": 1, "hidden_size": 16, "intermediate_size": 16, "num_heads": 2, "out_hidden_size": WIDTH},
        image_token_id=ids("<|image_pad|>"), video_token_id=ids("<|video_pad|>"),
        vision_start_token_id=ids("<|vision_start|>"), vision_end_token_id=ids("<|vision_end|>"))
    return words, Qwen2_5_VLForConditionalGeneration(config).eval()


def build_cosmos(folder: Path) -> None:
    """A whole Cosmos2_5_TransferPipeline in `folder`, its two control networks beside it."""
    from diffusers import (
        Cosmos2_5_TransferPipeline,
        CosmosControlNetModel,
        CosmosTransformer3DModel,
        UniPCMultistepScheduler,
    )

    lend_torchvision()
    torch.manual_seed(5)
    words, text_encoder = reader()
    transformer = CosmosTransformer3DModel(in_channels=17, out_channels=16, num_layers=2, concat_padding_mask=True,
                                           controlnet_block_every_n=1, img_context_num_tokens=4, **SHAPED)
    control = CosmosControlNetModel(n_controlnet_blocks=2, in_channels=18, latent_channels=18, model_channels=32,
                                    use_crossattn_projection=False, **SHAPED)
    scheduler = UniPCMultistepScheduler(prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0)
    pipe = Cosmos2_5_TransferPipeline(transformer=transformer, controlnet=control, vae=wan_coder(), scheduler=scheduler,
                                      text_encoder=text_encoder, tokenizer=words, safety_checker=FakeGuard())
    pipe.register_modules(safety_checker=None, controlnet=None)
    pipe.save_pretrained(str(folder))
    for word in ("depth", "edge"):
        control.save_pretrained(str(folder.parent / f"cosmos-control-{word}"))

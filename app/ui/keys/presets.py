"""The places a language model is reached at, with their usual addresses."""

from __future__ import annotations

from dataclasses import dataclass

from app.language import msg
from app.models.values import Provider


@dataclass(frozen=True)
class Preset:
    """What the form is filled in with. `key` says where a key comes from, or that none is needed."""

    name: str
    provider: Provider
    about: str
    address: str = ""
    key: str = ""


NO_KEY = msg("Most need none: leave it empty.")

PRESETS = (
    Preset("OpenAI", "openai", msg("GPT models"), key=msg("You make one at platform.openai.com, under API keys.")),
    Preset(
        "Anthropic",
        "anthropic",
        msg("Claude models"),
        key=msg("You make one at platform.claude.com, under API keys."),
    ),
    Preset("Ollama", "compatible", msg("On this computer"), "http://127.0.0.1:11434/v1", NO_KEY),
    Preset("LM Studio", "compatible", msg("On this computer"), "http://127.0.0.1:1234/v1", NO_KEY),
    Preset("llama.cpp", "compatible", msg("On this computer"), "http://127.0.0.1:8080/v1", NO_KEY),
    Preset("vLLM", "compatible", msg("Your own server"), "http://127.0.0.1:8000/v1", NO_KEY),
    Preset(
        msg("Another"),
        "compatible",
        msg("OpenAI-compatible"),
        key=msg("The one its provider gave you, if it needs one."),
    ),
)


def preset_of(provider: str, address: str) -> Preset:
    """The preset that a connection was made from, as far as one can tell."""
    same = [preset for preset in PRESETS if preset.provider == provider]
    return next((preset for preset in same if preset.address == address), same[-1])

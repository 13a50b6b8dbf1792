"""What is assumed about the providers where the user says nothing; the place to edit when they change."""

from app.models.values import Provider

# The balanced model of each provider: the user may type any other.
DEFAULT_MODELS: dict[Provider, str] = {"openai": "gpt-6.1-terra", "anthropic": "claude-sonnet-5-5", "compatible": ""}

ADDRESSES: dict[Provider, str] = {
    "openai": "https://api.openai.com/v1",
    "anthropic": "https://api.anthropic.com",
    "compatible": "",
}

PROVIDER_NAMES: dict[Provider, str] = {
    "openai": "OpenAI",
    "anthropic": "Anthropic",
    "compatible": "a compatible server",
}

# How keys begin, the longer beginnings first.
KEY_OWNERS: tuple[tuple[str, str], ...] = (
    ("sk-ant-", "Anthropic"),
    ("sk-or-", "OpenRouter"),
    ("sk-", "OpenAI"),
    ("gsk_", "Groq"),
    ("xai-", "xAI"),
    ("AIza", "Google"),
    ("hf_", "Hugging Face"),
    ("nvapi-", "NVIDIA"),
    ("pplx-", "Perplexity"),
    ("ghp_", "GitHub"),
    ("github_pat_", "GitHub"),
)

# Anthropic wants a limit with every request. Thinking counts towards it, so it is not a small one.
ANTHROPIC_MAX_TOKENS = 16_384

REPAIRS = 2

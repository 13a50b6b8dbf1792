"""Ask language models: OpenAI, Anthropic, and every server that speaks OpenAI's protocol."""

from app.models.asking import ask
from app.models.defaults import DEFAULT_MODELS
from app.models.keys import clean_key
from app.models.listing import check, models
from app.models.values import Answer, Connection, ModelTrouble

__all__ = ["DEFAULT_MODELS", "Answer", "Connection", "ModelTrouble", "ask", "check", "clean_key", "models"]

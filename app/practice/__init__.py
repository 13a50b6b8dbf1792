"""The practice site: a small shop on this computer, for example flows and tests that need no network."""

from app.practice.site import PracticeSite

__all__ = ["PracticeSite"]

"""The catalogue of all texts, and the languages it is there in."""

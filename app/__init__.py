"""The studio: runs flows and shows them."""

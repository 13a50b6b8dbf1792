"""Steps that drive a browser."""

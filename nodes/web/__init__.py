"""Steps that talk to web addresses without a browser."""

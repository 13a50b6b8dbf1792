"""Reading a run: what its journal says, as a picture, as rounds, as data, and while it goes on."""

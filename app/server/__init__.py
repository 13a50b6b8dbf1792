"""The studio's one door: a server on 127.0.0.1 and the guard that stands before every page and socket."""

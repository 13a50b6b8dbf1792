"""The browser that a run drives: found or installed, started once, shared by the runs, gone when nobody needs it."""

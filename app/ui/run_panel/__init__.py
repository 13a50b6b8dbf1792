"""The drawer below the canvas: the run on a timeline, its log, its problems and its questions."""

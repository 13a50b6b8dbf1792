"""The studio as a person meets it: really started, in a real browser, by mouse and keyboard."""

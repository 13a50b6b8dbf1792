"""The inbox: what runs ask a person, wherever it is shown."""

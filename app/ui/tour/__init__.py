"""The two-minute tour: six things that a person does once, on a flow of their own."""

"""Your flows: every flow as a card, new ones, flows from files, and what a flow from outside may touch."""

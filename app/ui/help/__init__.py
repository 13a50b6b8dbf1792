"""What a person can read about a kind of step, without leaving the flow."""

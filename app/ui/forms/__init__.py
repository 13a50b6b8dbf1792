"""Forms made from models: settings of steps, a flow's inputs, and what a run is given."""

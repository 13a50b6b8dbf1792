"""What a step can do: the contract, the catalogue, and one file per node."""

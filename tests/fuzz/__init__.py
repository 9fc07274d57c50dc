"""Random and hostile texts and requests, from seeds."""

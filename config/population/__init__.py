"""A made-up population of any size, for measuring: the same seed gives the same people on every machine."""

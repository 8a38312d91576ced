"""Faults put into the money's code on purpose, one at a time, each of which some test must find.

    python -m tests.mutants [--only PART_OF_A_NAME] [--jobs 2]

A mutant names a place in the syntax tree and not a line of text, so layout, comments and order of definitions may change. What
no longer matches is stale and fails the run: the list follows the code, never the other way round. See docs/proof.md.
"""

"""An hour of everything at once: real verbs on hot accounts, with workers, servers, clocks and disks that fail.

    python -m tests.proof.soak --minutes 60 --seed 1

docs/proof.md says what is proved and how a seed is played again.
"""

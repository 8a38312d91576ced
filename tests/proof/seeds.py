"""The seed of the proofs: the same in every run, so that a failure comes again; another one is given by PROOF_SEED."""

import os

SEED = int(os.environ.get("PROOF_SEED", "20261122"))

"""Files of an agency into the register, the contributions and the ledger.

source (bytes → lines) > header and columns (cells → values) > one importer a kind (values → rows) > run (chunks, report, result).
"""

"""Statements that are made once and run many times, and the few round trips in which they go.

A bill of three payers writes sixteen rows and is decided by as many. Row by row that is thirty answers to wait for, and the ORM
compiles each query anew: both cost more than the database takes for the answers. On PostgreSQL one bill goes like this, an arrow a round trip:

    --> begin
    --> was this key answered before?  the patient's order and the bindings, locked     `ahead.of`, `together`
    --> the accounts, locked  everything that decides, in one statement: one picture    `together`, `at_once`
        the rule, in Python
    --> every row, in one statement                                                     `together`, `bundles.put_off`
    --> commit

SQLite runs in the same process, so there is nothing to wait for: each statement goes by itself, in the same order, and the verbs are the same.

    query, stand_ins          what the ORM compiled once, its values put in later
    new_rows, row_values      rows to be written, and what the fields make of their values
    row_texts, row_json       the statements that write them, and the rows as one parameter
    row_writing               rows in, rows changed
    bundles                   several writes as one statement
    gathering                 several questions as one statement
    ahead                     a question that rides along with the first of others, and is looked at first
    round_trips               `together`, `at_once`: which of all these wait for each other
    cursors                   how a text reaches the driver
"""

from accounts.statements.new_rows import NewRow, model_of, names_of, new, values_of
from accounts.statements.query import Query
from accounts.statements.round_trips import Asked, are_together, ask, at_once, sent, together
from accounts.statements.row_writing import insert, update

__all__ = [
    "Asked",
    "NewRow",
    "Query",
    "are_together",
    "ask",
    "at_once",
    "insert",
    "model_of",
    "names_of",
    "new",
    "sent",
    "together",
    "update",
    "values_of",
]

"""A population several times over: generated people are copied by the server, each time with keys and numbers of their own.

A million people take the generator a quarter of an hour, and a benchmark asks for their number, not for each to be another.
"""

import psycopg
from psycopg import sql

# In the order in which one names the other.
TABLES = (
    "insurance_insuredperson",
    "insurance_enrolment",
    "insurance_contributionperiod",
    "insurance_personalaccount",
    "insurance_ledgerentry",
)
# Columns that hold a key of one of these tables.
NAMES = {
    "id": None,
    "person_id": "insurance_insuredperson",
    "used_by_id": "insurance_insuredperson",
    "account_id": "insurance_personalaccount",
    "reverses_id": "insurance_ledgerentry",
}


def multiply(uri: str, times: int) -> None:
    """Until everybody is there so many times."""
    with psycopg.connect(uri, autocommit=True) as connection:
        # What is copied fits as it fitted before: nothing is checked, and triggers of the ledger do not count copies as changes.
        connection.execute("SET session_replication_role = replica")
        largest = {name: _largest(connection, name) for name in TABLES}
        for copy in range(1, times):
            for name in TABLES:
                _copy(connection, name, largest, copy)
        for name in TABLES:
            connection.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)",
                [name, _largest(connection, name) or 1],
            )


def _copy(connection: psycopg.Connection, name: str, largest: dict[str, int], copy: int) -> None:
    found = connection.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s",
        [name],
    )
    columns = [one for (one,) in found]
    taken = sql.SQL(", ").join(_taken(name, one, largest, copy) for one in columns)
    statement = sql.SQL("INSERT INTO {0} ({1}) SELECT {2} FROM {0} WHERE id <= {3} ORDER BY id")
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    connection.execute(
        statement.format(sql.Identifier(name), names, taken, sql.Literal(largest[name]))
    )


def _taken(name: str, column: str, largest: dict[str, int], copy: int) -> sql.Composable:
    if column in NAMES:
        step = sql.Literal(largest[NAMES[column] or name] * copy)
        return sql.SQL("{} + {}").format(sql.Identifier(column), step)
    if name == "insurance_insuredperson" and column == "reference":
        return sql.SQL("gen_random_uuid()")
    if name == "insurance_insuredperson" and column == "person_number":
        return sql.SQL("{} || {}").format(sql.Identifier(column), sql.Literal(f"-{copy}"))
    return sql.Identifier(column)


def _largest(connection: psycopg.Connection, name: str) -> int:
    found = connection.execute(
        sql.SQL("SELECT coalesce(max(id), 0) FROM {}").format(sql.Identifier(name))
    ).fetchone()
    return int(found[0]) if found else 0

"""Customers: what is read of them, and what makes a good one. No name, mail or street."""

from curate.checks import Fault, Row, Text, fault, faults_of
from curate.states import state_code

_ID = {"customer_id": Text(64, shortest=1)}
_HOME = {"state": Text(40, shortest=1), "city": Text(100, shortest=1), "zip": Text(10, shortest=1)}


def normalise_customer(row: Row) -> Row | list[Fault]:
    """A customer with the code of the home state, or what is wrong; a home in none of the states is no home."""
    if "customer_id" not in row:
        faults = [fault("/customer_id", "must be string")]
    else:
        faults = faults_of(row, _ID)
    faults += faults_of(row, _HOME, at="/home")
    if faults:
        return faults
    return {
        "customer_id": row["customer_id"],
        "home_state": state_code(row["state"]) if "state" in row else None,
        "home_city": row.get("city"),
        "home_zip": row.get("zip"),
        "changed_at": None,
    }

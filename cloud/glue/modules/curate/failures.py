"""Why a table could not be read."""

import re

from curate.checks import Fault


class SourceError(Exception):
    """
    `unavailable`: it may work later; `refused`: the server does not let this account in; `shape`: a table is not as
    the mapping says; `mapping`: the mapping has mistakes. Never holds a password.
    """

    def __init__(self, kind: str, summary: str, faults: list[Fault] | None = None) -> None:
        self.kind = kind
        self.summary = summary
        self.faults = faults or []
        super().__init__("\n".join([summary, *(f"  {one['path']}: {one['message']}" for one in self.faults)]))


# The same numbers as in src/sources/mysql/failures.ts.
_TRANSIENT = {1040, 1053, 1080, 1105, 1158, 1159, 1160, 1161, 1203, 1205, 1213, 1317, 1412, 1927, 1969, 3024, 3032}
_TRANSIENT |= {3168, 3169, 4031}
_CERTIFICATE = re.compile("PKIX|certificate", re.IGNORECASE)
_SHAPE = {1054, 1142, 1143, 1146, 1356}


def explain(error: Exception, place: str) -> SourceError:
    """Tells what failed by what the driver said, which lies below what Spark says."""
    if isinstance(error, SourceError):
        return error
    cause = _sql_exception(getattr(error, "java_exception", None))
    if cause is None:
        return SourceError("unavailable", f"{place}: {type(error).__name__}: {str(error).splitlines()[0]}")
    number, message = cause.getErrorCode(), str(cause.getMessage()).splitlines()[0]
    if number in _SHAPE:
        return SourceError("shape", f"{place}: {message}")
    if _CERTIFICATE.search(message) or _is_certificate(cause):
        cure = "Name the certificates to trust with `ca`, and the server by the name that its certificate has."
        return SourceError("refused", f"{place} cannot prove who it is: {message}. {cure}")
    # 08 is the class of broken connections; a server that refuses the account says 28.
    is_lost = number in _TRANSIENT or str(cause.getSQLState() or "").startswith("08")
    return SourceError("unavailable" if is_lost else "refused", f"{place}: {message}")


def _is_certificate(error) -> bool:
    while error is not None:
        if error.getClass().getName().startswith(("javax.net.ssl.", "java.security.cert.")):
            return True
        error = error.getCause()
    return False


def _sql_exception(error):
    while error is not None:
        if hasattr(error, "getErrorCode") and "SQL" in error.getClass().getName():
            return error
        error = error.getCause()
    return None

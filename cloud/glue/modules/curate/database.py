"""The server, read over JDBC by Spark. Nothing is ever written to it, and no session may."""

from collections.abc import Mapping
from typing import Any

from pyspark.sql import DataFrame, Row, SparkSession

from curate.trust import trust_store

_DEFAULT_PORT = 3306
_FETCH_ROWS = 5_000
_CONNECT_MS = 10_000
# For views to sort.
_STALL_MS = 300_000


class Database:
    """One database of a MySQL or MariaDB server, through a driver of either. TIMESTAMP columns are given in UTC."""

    def __init__(self, spark: SparkSession, connection: Mapping[str, Any], password: str, driver: str) -> None:
        host, port, database = connection["host"], connection.get("port", _DEFAULT_PORT), connection["database"]
        self.place = f"MySQL {database} at {host}:{port}"
        self._spark = spark
        self._options = {
            # By this beginning Spark knows how names are quoted, whatever the driver.
            "url": f"jdbc:mysql://{host}:{port}/{database}",
            "driver": driver,
            "user": connection["user"],
            "password": password,
            "fetchsize": str(_FETCH_ROWS),
            "sessionInitStatement": "SET SESSION TRANSACTION READ ONLY",
            "sessionVariables": "time_zone='+00:00'",
            "useCursorFetch": "true",
            "connectTimeout": str(_CONNECT_MS),
            "socketTimeout": str(_STALL_MS),
            # Otherwise a server could ask for files of this machine.
            "allowLoadLocalInfile": "false",
            "allowLocalInfile": "false",
            **tls_options(spark, connection, driver),
        }

    def rows(self, sql: str) -> list[Row]:
        """The rows of a small result."""
        return self.frame(sql).collect()

    def frame(self, sql: str) -> DataFrame:
        """The rows of a SELECT, read in one part by one connection when they are needed."""
        return self._spark.read.format("jdbc").options(**self._options, dbtable=f"({sql}) AS source_rows").load()


def uses_tls(connection: Mapping[str, Any]) -> bool:
    """Unless the mapping says so, a connection is encrypted when it leaves this machine."""
    if "ssl" in connection:
        return connection["ssl"] == "on"
    host = connection["host"]
    return "ca" in connection or not (host in ("localhost", "::1") or host.startswith("127."))


def tls_options(spark: SparkSession, connection: Mapping[str, Any], driver: str) -> dict[str, str]:
    """TLS in the words of the driver: the certificate and the name of the server are verified, or there is none."""
    is_mariadb = "mariadb" in driver
    if not uses_tls(connection):
        return {"useSsl": "false"} if is_mariadb else {"sslMode": "DISABLED"}
    store = trust_store(spark, connection["ca"]) if "ca" in connection else None
    if is_mariadb:
        options = {"useSsl": "true", "enabledSslProtocolSuites": "TLSv1.2,TLSv1.3"}
        names = ("trustStore", "trustStoreType", "trustStorePassword")
    else:
        options = {"sslMode": "VERIFY_IDENTITY", "tlsVersions": "TLSv1.2,TLSv1.3"}
        names = ("trustCertificateKeyStoreUrl", "trustCertificateKeyStoreType", "trustCertificateKeyStorePassword")
    return {**options, **dict(zip(names, store))} if store else options

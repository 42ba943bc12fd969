"""
The Glue job: stores, customers and menu items of a MySQL server as curated files.

On Glue: --output s3://bucket/curated/ --secret ARN --zip_codes s3://…/zip_codes.ndjson.gz and, if tables or columns
have other names, --mapping s3://…/mapping.json. Exits with 1 when a table could not be read; the others are there.
"""

import argparse
import json
import os
import sys
import uuid
from typing import Any

from curate.database import Database
from curate.failures import SourceError
from curate.mapping import read_mapping
from curate.run import Run, curate, new_run_id
from curate.storage import Storage
from pyspark.sql import SparkSession

MYSQL_DRIVER = "com.mysql.cj.jdbc.Driver"
PASSWORD_VARIABLE = "SLICEHOUSE_MYSQL_PASSWORD"
# What a secret of RDS calls the members of a connection.
SECRET_MEMBERS = {"host": "host", "port": "port", "dbname": "database", "username": "user"}


def read_arguments(arguments: list[str]) -> argparse.Namespace:
    """Reads the arguments of the job; Glue adds some of its own, which are left alone."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--output", required=True, help="folder of the curated files")
    parser.add_argument("--zip_codes", required=True, help="gzipped NDJSON of ZIP codes with state and time zone")
    parser.add_argument("--mapping", help="JSON file; default: tables and columns have the names of the fields")
    parser.add_argument("--secret", help=f"secret of the database; default: the variable {PASSWORD_VARIABLE}")
    parser.add_argument("--driver", default=MYSQL_DRIVER, help="class of the JDBC driver")
    parser.add_argument("--partitions", type=int, default=4, help="connections to read a large table with")
    parser.add_argument("--whole", choices=["true", "false"], default="false", help="read every row")
    parser.add_argument("--JOB_RUN_ID", default=uuid.uuid4().hex)
    return parser.parse_known_args(arguments)[0]


def read_secret(name: str | None) -> dict[str, Any]:
    """What the secret says of the connection, and the password."""
    if name is None:
        return {"password": os.environ.get(PASSWORD_VARIABLE)}
    import boto3  # Only Glue has it.

    # An ARN names its region, which the environment need not.
    region = name.split(":")[3] if name.startswith("arn:") else None
    client = boto3.client("secretsmanager", region_name=region)
    secret = json.loads(client.get_secret_value(SecretId=name)["SecretString"])
    known = {member: secret[written] for written, member in SECRET_MEMBERS.items() if secret.get(written)}
    if "port" in known:
        known["port"] = int(known["port"])
    return {**known, "password": secret.get("password")}


def open_run(spark: SparkSession, arguments: argparse.Namespace) -> Run:
    """Puts a run together. Raises SourceError of kind `mapping` when it cannot be."""
    known = read_secret(arguments.secret)
    password = known.pop("password")
    if password is None:
        raise SourceError("mapping", f"There is no password: name a --secret, or set {PASSWORD_VARIABLE}.")
    text = "{}"
    if arguments.mapping is not None:
        text = Storage(spark).read(arguments.mapping)
        if text is None:
            raise SourceError("mapping", f"There is no mapping {arguments.mapping}.")
    mapping = read_mapping(text, known)
    return Run(
        spark=spark,
        database=Database(spark, mapping["connection"], password, arguments.driver),
        mapping=mapping,
        output=arguments.output.rstrip("/") + "/",
        run_id=new_run_id(arguments.JOB_RUN_ID),
        zip_codes=arguments.zip_codes,
        partitions=arguments.partitions,
        is_whole=arguments.whole == "true",
    )


def main() -> int:
    arguments = read_arguments(sys.argv[1:])
    spark = SparkSession.builder.appName("slicehouse-curate").getOrCreate()
    # Three kinds of lines are written by each task side by side, without sorting them first.
    spark.conf.set("spark.sql.maxConcurrentOutputFileWriters", "3")
    try:
        outcomes = curate(open_run(spark, arguments))
    except SourceError as error:
        print(json.dumps({"outcome": "failed", "kind": error.kind, "message": str(error)}))
        return 1
    for outcome in outcomes:
        print(json.dumps(outcome), flush=True)
    return 1 if any(outcome["outcome"] == "failed" for outcome in outcomes) else 0


if __name__ == "__main__":
    code = main()
    # Glue takes any exit for a failure, even one with 0.
    if code != 0:
        sys.exit(code)

"""Writes the curated files of one table: gzipped NDJSON, a folder a kind."""

from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import input_file_name

from curate.storage import Storage

KINDS = ("records", "errors", "keys")


class Writer:
    """Fills the folder of a run, which nobody reads before its manifest is there."""

    def __init__(self, spark: SparkSession, storage: Storage, folder: str) -> None:
        self._spark = spark
        self._storage = storage
        self._folder = folder

    def add(self, lines: DataFrame) -> None:
        """Writes lines (`kind`, `line`), each part of them as one file a kind."""
        lines.write.partitionBy("kind").option("compression", "gzip").mode("append").text(self._folder)

    def files(self) -> dict[str, list[dict[str, Any]]]:
        """The files of each kind as they really are: their names in the folder, their bytes and their rows."""
        return {kind: self._files_of(f"kind={kind}") for kind in KINDS}

    def _files_of(self, name: str) -> list[dict[str, Any]]:
        sizes = {file: size for file, size in self._storage.sizes(self._folder + name).items() if file[0] not in "._"}
        if not sizes:
            return []
        paths = [f"{self._folder}{name}/{file}" for file in sizes]
        counts = self._spark.read.text(paths).groupBy(input_file_name().alias("file")).count().collect()
        rows = {row["file"].rsplit("/", 1)[1]: row["count"] for row in counts}
        return [
            {"name": f"{name}/{file}", "bytes": size, "rows": rows.get(file, 0)}
            for file, size in sorted(sizes.items())
        ]

"""Small files, and lists of files, wherever Spark can reach them: s3://… on Glue, a path on one machine."""

from pyspark.sql import SparkSession


class Storage:
    """Reads and writes through Hadoop's file systems."""

    def __init__(self, spark: SparkSession) -> None:
        self._jvm = spark._jvm
        self._conf = spark._jsc.hadoopConfiguration()

    def read(self, uri: str) -> str | None:
        """The text of a file, None if it is not there."""
        path, system = self._find(uri)
        if not system.exists(path):
            return None
        stream = system.open(path)
        try:
            return self._jvm.org.apache.commons.io.IOUtils.toString(stream, "UTF-8")
        finally:
            stream.close()

    def write(self, uri: str, text: str) -> None:
        """Writes a text as a whole, in place of what was there."""
        path, system = self._find(uri)
        stream = system.create(path, True)
        try:
            stream.write(bytearray(text, "utf-8"))
        finally:
            stream.close()

    def sizes(self, uri: str) -> dict[str, int]:
        """The bytes of each file of a folder, by its name; empty if there is no such folder."""
        path, system = self._find(uri)
        if not system.exists(path):
            return {}
        found = [status for status in system.listStatus(path) if status.isFile()]
        return {status.getPath().getName(): status.getLen() for status in found}

    def _find(self, uri: str):
        path = self._jvm.org.apache.hadoop.fs.Path(uri)
        return path, path.getFileSystem(self._conf)

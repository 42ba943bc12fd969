"""The certificates that vouch for the server, in the only form that both drivers read."""

import os

from pyspark.sql import SparkSession

from curate.failures import SourceError
from curate.storage import Storage

_NAME = "slicehouse-trust.p12"
# The store holds public certificates only; its format wants a password.
_PASSWORD = "certificates"


def trust_store(spark: SparkSession, ca: str) -> tuple[str, str, str]:
    """
    Makes a store of the certificates (PEM) in a file, and gives it to every executor: its URL, its type and its
    password. The URL is relative to where each process works, since Spark keeps the files it hands out there.
    """
    jvm = spark._jvm
    text = Storage(spark).read(ca)
    if text is None:
        raise SourceError("mapping", f"connection.ca names a file that is not there: {ca}")
    stream = jvm.java.io.ByteArrayInputStream(bytearray(text, "utf-8"))
    certificates = jvm.java.security.cert.CertificateFactory.getInstance("X.509").generateCertificates(stream)
    store = jvm.java.security.KeyStore.getInstance("PKCS12")
    store.load(None, None)
    for index, certificate in enumerate(certificates):
        store.setCertificateEntry(f"ca-{index}", certificate)
    path = os.path.abspath(_NAME)
    # The driver process works where Python does.
    file = jvm.java.io.FileOutputStream(path)
    try:
        store.store(file, _characters(spark, _PASSWORD))
    finally:
        file.close()
    spark.sparkContext.addFile(path)
    return f"file:{_NAME}", "PKCS12", _PASSWORD


def _characters(spark: SparkSession, text: str):
    """A text as Java's char[], which Python has no word for."""
    gateway = spark.sparkContext._gateway
    characters = gateway.new_array(gateway.jvm.char, len(text))
    for index, character in enumerate(text):
        characters[index] = character
    return characters

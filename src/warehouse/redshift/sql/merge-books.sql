MERGE INTO book
USING new_book AS n
ON book.day = n.day AND book.source = n.source
WHEN MATCHED THEN UPDATE SET
  received = book.received + n.received, loaded = book.loaded + n.loaded, duplicates = book.duplicates + n.duplicates,
  superseded = book.superseded + n.superseded, quarantined = book.quarantined + n.quarantined
WHEN NOT MATCHED THEN INSERT (day, source, received, loaded, duplicates, superseded, quarantined)
VALUES (n.day, n.source, n.received, n.loaded, n.duplicates, n.superseded, n.quarantined)

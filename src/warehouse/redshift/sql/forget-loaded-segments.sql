-- What the ledger has by now is not loaded again, whoever loaded it: this runs under the lock, so nobody adds to the
-- ledger between this and the end of the transaction.
DELETE FROM arrived_segment WHERE segment IN (SELECT segment FROM load_ledger)

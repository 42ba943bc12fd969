"""Makes curated files of the stores, customers and menu of a MySQL server, as src/sources/mysql does on one machine."""

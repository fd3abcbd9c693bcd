"""What is asked of the database, one module for each resource; read only, and each question bounded by an index."""

"""What is answered over HTTP, one module for each resource: its parameters, its model, and how it is put together."""

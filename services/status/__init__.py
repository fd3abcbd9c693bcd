"""Status: what is happening, for people and machines. `store` asks the database, `app` answers over HTTP."""

"""What the services meet in: records, settings, tables, events, the Celery app."""

"""All that people see: the only place that prints."""

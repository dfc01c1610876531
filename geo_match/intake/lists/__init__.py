"""Lists: which column means which field, and what each row is as a record."""

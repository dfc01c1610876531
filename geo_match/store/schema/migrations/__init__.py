"""The forms that a store's tables have had, each brought to the next by a migration."""

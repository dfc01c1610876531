"""The programme's own work on the records: who is owed what, why, and by which rule of which day.

Each room under it has its own public names; importing this package alone loads none of them.
"""

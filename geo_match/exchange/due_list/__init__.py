"""A due list as offices use it: a workbook out, and the filled sheet back as service records."""

from geo_match.exchange.due_list.filled import FilledList, read_filled, write_services
from geo_match.exchange.due_list.workbook import write_due_list

__all__ = ["FilledList", "read_filled", "write_due_list", "write_services"]

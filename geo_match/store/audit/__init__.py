"""The audit: who read which persons' records, and why; no answer leaves before it is written."""

from geo_match.store.audit.log import AuditError, AuditLog, PersonRead, audited

__all__ = ["AuditError", "AuditLog", "PersonRead", "audited"]

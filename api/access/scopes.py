"""What there is to be allowed, and to whom: the one table of roles and their scopes."""

from __future__ import annotations

from typing import Final, Literal

Scope = Literal[
    "jobs:read",
    "stations:read",
    "coverage:read",
    "records:read",
    "records:write",
    "sites:verify",
    "persons:read",
    "persons:write",
    "matches:read",
    "feed:read",
    "feed:persons",
    "coverage:exact",
    "what-if:exact",
    "seekers:bands",
    "audit:read",
    "keys:manage",
    "metrics:read",
]
"""What a route asks of its caller."""

MEANING: Final[dict[Scope, str]] = {
    "jobs:read": "open jobs of verified employers",
    "stations:read": "service stations",
    "coverage:read": "coverage and gaps in their published form",
    "records:read": "employers, sites, jobs, stations and communities, withheld ones too",
    "records:write": "the same, to be written: verification of licences among them",
    "sites:verify": "to say of a site that it was seen where it is",
    "persons:read": "households, seekers, spells and services; each read is audited",
    "persons:write": "the same, to be written",
    "matches:read": "which jobs fit a seeker, and why not",
    "feed:read": "snapshot and changes of what is public",
    "feed:persons": "changes of persons, by surrogate key",
    "coverage:exact": "exact figures about people, around any place; audited",
    "what-if:exact": "the same of a change that is only thought of",
    "seekers:bands": "how many seekers are near a verified site, in bands of distance",
    "audit:read": "who read which persons",
    "keys:manage": "keys: made, listed, revoked",
    "metrics:read": "figures about the server itself",
}
"""What each scope opens."""

PUBLIC: Final[frozenset[Scope]] = frozenset({"jobs:read", "stations:read", "coverage:read"})
"""What every role may, and who has no key while all that is served is invented: jobs and stations
are public, and coverage in its published form is made to be shown."""

_BESIDE: Final[dict[str, frozenset[Scope]]] = {
    # The city's system, on which all is built: its records come in, and answers go back to it. It
    # reads what it wrote, to go on from there. No figures beside records, and nobody else's keys.
    "integration": frozenset(
        {
            *("records:read", "records:write", "persons:read", "persons:write"),
            *("matches:read", "feed:read", "feed:persons"),
        }
    ),
    # Sees that seekers are near, never who or where. Its postings come through the operator, who
    # verifies the licence before.
    "employer": frozenset({"seekers:bands"}),
    # Registers the people of its own area, keeps their ledger, and tells them of jobs. What it may
    # read of the whole city is public.
    "community": frozenset({"records:read", "persons:read", "persons:write", "matches:read"}),
    # Enters employers and postings once they are verified, and serves seekers (entrusted with their
    # data, PIPL art. 21). It goes to see sites, and alone says so: no other system does, and who
    # runs this one writes no record. It is paid by figures, and does not make them.
    "operator": frozenset(
        {
            *("records:read", "records:write", "sites:verify"),
            *("persons:read", "persons:write", "matches:read"),
        }
    ),
    # Looks for gaps and places: exact figures, and nobody's record.
    "planner": frozenset({"records:read", "coverage:exact", "what-if:exact"}),
    # Checks that postings are accurate, that employment is true, and that privacy is kept: reads
    # records, persons (audited as all are) and the audit itself, and writes nothing.
    "supervisor": frozenset({"records:read", "persons:read", "audit:read"}),
    # Runs the system. That takes no record of anybody (PIPL art. 6: no more than is needed).
    "administrator": frozenset({"keys:manage", "audit:read", "metrics:read"}),
}

OF_A_FILE: Final[frozenset[Scope]] = PUBLIC | {"metrics:read"}
"""What may be asked of a server of a file, which has no keys: everything that it has."""

ROLE_SCOPES: Final[dict[str, frozenset[Scope]]] = {
    role: PUBLIC | beside for role, beside in _BESIDE.items()
}
"""What each role may."""

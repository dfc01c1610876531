"""What may go out: tables of counts, suppressed, noised and audited together."""

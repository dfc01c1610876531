"""The printable report: one HTML file that opens with no internet."""

# The page names its figures by the dictionary that lies in the room of those who write pages; that
# room is begun first, whichever is asked for, so that neither finds the other half made.
import geo_match.exchange.coverage  # noqa: F401 - begun, not used

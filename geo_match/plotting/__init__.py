"""Maps for notebooks, on matplotlib's axes and without the internet: coverage, and circles.

Both functions return the axes that they drew on, so that more can be drawn there, by them or by
anybody. What they draw is in degrees, WGS-84, true to scale in the middle of the map.

matplotlib is an extra: `pip install geo-match[plot]`. Nothing of it is imported before something
is drawn.
"""

from geo_match.plotting.circle import plot_circle
from geo_match.plotting.coverage import plot_coverage
from geo_match.plotting.needed import NoMatplotlibError

__all__ = ["NoMatplotlibError", "plot_circle", "plot_coverage"]

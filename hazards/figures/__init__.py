"""隐患数字 Figures of hazards by month, township, sector, department, level and origin.

Rooms     counting.py what one hazard counts for, the sums kept by difference, the rebuild
          asking.py rates and averages from the sums · behind.py the hazards that stand behind a figure

A hazard counts as we know it now, on the days on which things happened. What is void was never one; what was transferred counts where it
went, what lies in a place that was merged where that went; one rejected was found and ended, one whose unit was closed by the government
likewise: neither is confirmed nor due, for it is nobody's failure.
"""

from hazards.figures.counting import follow, follow_places, rebuild

__all__ = ["follow", "follow_places", "rebuild"]

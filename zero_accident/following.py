"""The figures follow an accident in its own transaction."""

from accidents.following import follows_accidents
from zero_accident.figures.keeping import follow

follows_accidents(follow)

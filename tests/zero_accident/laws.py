"""What the dated files say of accidents and of “零事故”, as the rules read it."""

from accidents.rules import read_grades, read_windows
from tests import law
from zero_accident.rules import read_policy

UNNAMED = law.body("unnamed_category")
POLICY = read_policy(law.body("zero_accident_policy"), law.document("zero_accident_policy").version, UNNAMED)
GRADES = read_grades(law.body("accident_grades"))
WINDOWS = read_windows(law.body("windows"))

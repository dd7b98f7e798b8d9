from assessment.bulletins.urls import urlpatterns as bulletins
from assessment.closings.urls import urlpatterns as closings
from assessment.quick_reports.urls import urlpatterns as quick_reports
from assessment.yearly.urls import urlpatterns as yearly

urlpatterns = [*closings, *bulletins, *quick_reports, *yearly]

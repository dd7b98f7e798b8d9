from assessment.bulletins.urls import urlpatterns as bulletins
from assessment.quick_reports.urls import urlpatterns as quick_reports

urlpatterns = [*bulletins, *quick_reports]

from assessment.bulletins.urls import urlpatterns as bulletins
from assessment.closings.urls import urlpatterns as closings
from assessment.yearly.urls import urlpatterns as yearly

urlpatterns = [*closings, *bulletins, *yearly]

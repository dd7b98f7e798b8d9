from django.urls import path

from accidents.quick_reports.views import QuickReportDoor


def quick(**verbs: str):
    return QuickReportDoor.as_view(dict(verbs), basename="quick_reports")


OF_ACCIDENT = "accidents/<uuid:accident_id>/quick-reports"
urlpatterns = [
    path(OF_ACCIDENT, quick(get="list", post="draft")),
    path(f"{OF_ACCIDENT}/<int:report_id>", quick(get="retrieve", patch="edit")),
    path(f"{OF_ACCIDENT}/<int:report_id>/sign", quick(post="sign")),
    path(f"{OF_ACCIDENT}/<int:report_id>.pdf", quick(get="pdf")),
    path(f"{OF_ACCIDENT}/<int:report_id>.docx", quick(get="docx")),
]

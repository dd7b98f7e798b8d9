from typing import Any

from django.urls import path

from inspections.bodies.views import BodyListDoor
from inspections.ceilings.views import CeilingUnitDoor
from inspections.course.views import CourseOfTaskDoor, CourseOfVisitDoor, CourseQueueDoor
from inspections.duplicates.views import VisitJoiningDoor, VisitPairDoor
from inspections.views import InspectionDoor, ReceiptsDoor, TaskDoor


def door(**verbs: Any):
    return InspectionDoor.as_view(verbs, basename="inspections")


def joining(**verbs: Any):
    return VisitJoiningDoor.as_view(verbs, basename="inspections")


def tasks(**verbs: Any):
    return TaskDoor.as_view(verbs, basename="tasks")


def course(**verbs: Any):
    return CourseOfVisitDoor.as_view(verbs, basename="inspection_course")


def queue(**verbs: Any):
    return CourseQueueDoor.as_view(verbs, basename="course_queue")


def task_course(**verbs: Any):
    return CourseOfTaskDoor.as_view(verbs, basename="task_course")


urlpatterns = [
    path("inspections", door(get="list")),
    path("inspections/course", queue(get="list")),
    path("inspections/course/figures", queue(get="figures")),
    path("inspections/<uuid:inspection_id>/course", course(get="retrieve")),
    *(
        path(f"inspections/<uuid:inspection_id>/{name}", course(post=name.replace("-", "_")))
        for name in ("approve", "notice", "scan", "tell-result", "settle")
    ),
    path("inspections/<uuid:inspection_id>", door(get="retrieve", put="put")),
    path("inspections/<uuid:inspection_id>/correct", door(post="correct")),
    path("inspections/<uuid:inspection_id>/corrections", door(get="corrections")),
    path("inspections/<uuid:inspection_id>/receipt", door(get="receipt")),
    *(path(f"inspections/<uuid:inspection_id>/{name}", joining(post=name)) for name in ("join", "separate")),
    path("inspections/<uuid:inspection_id>/twins", joining(get="twins")),
    path("inspection-twins", VisitPairDoor.as_view({"get": "list"}, basename="inspection_twins")),
    path(
        "inspection-twins/<int:pair_id>/dismiss",
        VisitPairDoor.as_view({"post": "dismiss"}, basename="inspection_twins"),
    ),
    path("inspection-ceilings/units", CeilingUnitDoor.as_view({"get": "list"}, basename="inspection_ceiling_units")),
    path("receipts/check", ReceiptsDoor.as_view({"post": "check"}, basename="receipts")),
    path("tasks", tasks(get="list", post="create")),
    path("tasks/<uuid:task_id>", tasks(get="retrieve", patch="partial_update")),
    *(
        path(f"tasks/<uuid:task_id>/{name}", task_course(post=name.replace("-", "_")))
        for name in ("ask-approval", "approve", "decline", "notice", "scan")
    ),
    path("tasks/<uuid:task_id>/cancel", tasks(post="cancel")),
    path("tasks/<uuid:task_id>/reassign", tasks(post="reassign")),
    path(
        "reference/inspection-bodies",
        BodyListDoor.as_view({"get": "list", "post": "enter"}, basename="inspection_bodies"),
    ),
]

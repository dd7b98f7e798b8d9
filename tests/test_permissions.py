"""Who may use which door, and whose rows they meet: the complete matrix, through token and session alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.permissions import AllowAny

from safety_api.permissions import MAY, Role
from tests.people import CAST, HOME, phone_of

pytestmark = pytest.mark.django_db

# Columns: 检查员 乡镇安监员 乡镇领导 村级安全员 行业部门 应急局 安委办 值班员 企业 系统管理 安全保密 审计
ROLES = [
    "inspector",
    "township",
    "leader",
    "village",
    "department",
    "bureau",
    "committee",
    "duty",
    "enterprise",
    "sysadmin",
    "secadmin",
    "auditor",
]
MATRIX = """
auth.logout                   x  x  x  x  x  x  x  x  x  x  x  x
auth.password                 x  x  x  x  x  x  x  x  x  x  x  x
auth.devices                  x  x  x  x  x  x  x  x  x  x  x  x
auth.revoke                   x  x  x  x  x  x  x  x  x  x  x  x
me.show                       x  x  x  x  x  x  x  x  x  x  x  x
trail.list                    .  .  .  .  .  .  .  .  .  .  .  x
seals.list                    .  .  .  .  .  .  .  .  .  .  .  x
seals.verify                  .  .  .  .  .  .  .  .  .  .  .  x
outbox.list                   .  .  .  .  .  .  .  .  .  x  .  .
photos.show                   x  x  x  x  x  x  x  x  x  .  .  .
photos.content                x  x  .  x  x  x  x  x  x  .  .  .
papers.list                   x  x  x  x  x  x  x  x  x  .  .  .
papers.retrieve               x  x  x  x  x  x  x  x  x  .  .  .
papers.pdf                    x  x  x  x  x  x  x  x  x  .  .  .
papers.docx                   x  x  x  x  x  x  x  x  x  .  .  .
papers.scan                   x  x  x  x  x  x  x  x  x  .  .  .
papers.create                 x  x  .  .  x  x  .  .  .  .  .  .
papers.preview                x  x  .  .  x  x  .  .  .  .  .  .
papers.correct                x  x  .  .  x  x  .  .  .  .  .  .
papers.sign                   x  x  .  .  x  x  .  .  .  .  .  .
papers.refuse                 x  x  .  .  x  x  .  .  .  .  .  .
papers.serve                  x  x  .  .  x  x  .  .  .  .  .  .
papers.put_scan               x  x  .  .  x  x  .  .  .  .  .  .
hazards.list                  x  x  x  x  x  x  x  x  x  .  .  .
hazards.retrieve              x  x  x  x  x  x  x  x  x  .  .  .
hazards.put                   x  x  .  x  x  x  .  .  x  .  .  .
hazards.history               x  x  x  x  x  x  x  x  x  .  .  .
hazards.report                x  x  .  x  x  x  .  .  x  .  .  .
hazards.reject                .  x  .  .  x  x  .  .  .  .  .  .
hazards.confirm               .  x  .  .  x  x  .  .  .  .  .  .
hazards.transfer              .  .  .  .  x  x  .  .  .  .  .  .
hazards.order                 x  x  .  .  x  x  .  .  .  .  .  .
hazards.close_on_spot         x  x  .  .  x  x  .  .  x  .  .  .
hazards.start                 .  .  .  .  .  .  .  .  x  .  .  .
hazards.acknowledge           x  x  .  .  x  x  .  .  x  .  .  .
hazards.request_review        x  x  .  .  x  x  .  .  x  .  .  .
hazards.pass                  x  x  .  .  x  x  .  .  x  .  .  .
hazards.fail                  x  x  .  .  x  x  .  .  .  .  .  .
hazards.enforce               .  .  .  .  x  x  .  .  .  .  .  .
hazards.resume                .  .  .  .  x  x  .  .  .  .  .  .
hazards.unit_close            .  .  .  .  x  x  .  .  .  .  .  .
hazards.void                  .  .  .  .  x  x  .  .  .  .  .  .
hazards.recur                 x  x  .  .  x  x  .  .  .  .  .  .
hazards.escalate              .  x  .  .  .  .  .  .  .  .  .  .
extensions.of_hazard          x  x  x  x  x  x  x  x  x  .  .  .
extensions.ask                .  .  .  .  .  .  .  .  x  .  .  .
extensions.grant              .  .  .  .  x  x  x  .  .  .  .  .
extensions.deny               .  .  .  .  x  x  x  .  .  .  .  .
reminders.list                x  x  x  .  x  x  x  .  x  .  .  .
reminders.seen                x  x  x  .  x  x  x  .  x  .  .  .
listings.list                 x  x  x  x  x  x  x  x  x  .  .  .
listings.retrieve             x  x  x  x  x  x  x  x  x  .  .  .
listings.put_up               .  .  .  .  .  .  x  .  .  .  .  .
listings.delist               .  .  .  .  .  .  x  .  .  .  .  .
listings.publish              .  .  .  .  .  .  x  .  .  .  .  .
listings.progress             .  .  .  .  x  x  .  .  .  .  .  .
listings.apply                .  .  .  .  x  x  .  .  x  .  .  .
listings.accept               .  .  .  .  .  .  x  .  .  .  .  .
listings.refuse               .  .  .  .  .  .  x  .  .  .  .  .
listing_proposals.list        .  .  .  .  x  x  x  .  .  .  .  .
listing_proposals.retrieve    .  .  .  .  x  x  x  .  .  .  .  .
listing_proposals.create      .  .  .  .  x  x  .  .  .  .  .  .
listing_proposals.decline     .  .  .  .  .  .  x  .  .  .  .  .
stop_orders.list              x  x  x  x  x  x  x  x  x  .  .  .
stop_orders.retrieve          x  x  x  x  x  x  x  x  x  .  .  .
stop_orders.create            .  .  .  .  x  x  .  .  .  .  .  .
stop_orders.publish           .  .  .  .  x  x  .  .  .  .  .  .
stop_orders.apply             .  .  .  .  x  x  .  .  x  .  .  .
stop_orders.accept            .  .  .  .  x  x  .  .  .  .  .  .
stop_orders.refuse            .  .  .  .  x  x  .  .  .  .  .  .
stop_orders.consent           .  .  .  .  x  x  .  .  .  .  .  .
stop_orders.resume            .  .  .  .  x  x  .  .  .  .  .  .
stop_orders.withdraw          .  .  .  .  x  x  .  .  .  .  .  .
stop_orders.close             .  .  .  .  x  x  .  .  .  .  .  .
handovers.list                x  x  x  .  x  x  x  x  .  .  .  .
handovers.retrieve            x  x  x  .  x  x  x  x  .  .  .  .
handovers.create              x  .  .  .  x  x  .  .  .  .  .  .
handovers.answer              .  .  .  .  x  x  .  .  .  .  .  .
approval_notes.list           x  x  x  .  x  x  x  x  .  .  .  .
approval_notes.retrieve       x  x  x  .  x  x  x  x  .  .  .  .
approval_notes.create         .  .  .  .  x  x  .  .  .  .  .  .
approval_notes.acknowledge    .  .  .  .  x  x  .  .  .  .  .  .
accountability.list           .  .  .  .  x  x  x  .  .  .  .  .
accountability.retrieve       .  .  .  .  x  x  x  .  .  .  .  .
accountability.create         .  .  .  .  x  x  x  .  .  .  .  .
accountability.void           .  .  .  .  .  x  x  .  .  .  .  .
joint_punishments.list        x  x  x  x  x  x  x  x  x  .  .  .
joint_punishments.retrieve    x  x  x  x  x  x  x  x  x  .  .  .
joint_punishments.create      .  .  .  .  x  x  x  .  .  .  .  .
joint_punishments.lift        .  .  .  .  .  x  x  .  .  .  .  .
dishonesty.list               x  x  x  x  x  x  x  x  x  .  .  .
dishonesty.retrieve           x  x  x  x  x  x  x  x  x  .  .  .
dishonesty.create             .  .  .  .  .  x  .  .  .  .  .  .
dishonesty.object             .  .  .  .  .  x  .  .  .  .  .  .
dishonesty.drop               .  .  .  .  .  x  .  .  .  .  .  .
dishonesty.enlist             .  .  .  .  .  x  .  .  .  .  .  .
dishonesty.publish            .  .  .  .  .  x  .  .  .  .  .  .
dishonesty.apply_removal      .  .  .  .  .  x  .  .  x  .  .  .
dishonesty.remove             .  .  .  .  .  x  .  .  .  .  .  .
dishonesty.restore            .  .  .  .  .  x  .  .  .  .  .  .
hazard_figures.show           x  x  x  x  x  x  x  x  .  .  .  .
hazard_figure_rows.list       x  x  x  x  x  x  x  x  .  .  .  .
inspections.list              x  x  x  x  x  x  x  x  x  .  .  .
inspections.retrieve          x  x  x  x  x  x  x  x  x  .  .  .
inspections.put               x  x  .  x  x  x  .  .  x  .  .  .
inspections.receipt           x  x  .  x  x  x  .  .  x  .  .  .
receipts.check                x  x  .  x  x  x  .  .  x  .  .  .
tasks.list                    x  x  x  x  x  x  x  x  x  .  .  .
tasks.create                  .  x  .  .  x  x  .  .  .  .  .  .
enterprises.list              x  x  x  x  x  x  x  x  x  .  .  .
enterprises.retrieve          x  x  x  x  x  x  x  x  x  .  .  .
enterprises.create            .  x  .  .  x  x  .  .  .  .  .  .
enterprises.partial_update    .  x  .  .  x  x  .  .  .  .  .  .
enterprises.set_status        .  x  .  .  x  x  .  .  .  .  .  .
enterprises.conditions        x  x  x  x  x  x  x  x  x  .  .  .
enterprises.facts             x  x  x  x  x  x  x  x  x  .  .  .
enterprises.state_fact        .  .  .  .  x  x  .  .  x  .  .  .
enterprises.withdraw_fact     .  .  .  .  x  x  .  .  .  .  .  .
sites.list                    x  x  x  x  x  x  x  x  x  .  .  .
sites.retrieve                x  x  x  x  x  x  x  x  x  .  .  .
sites.create                  x  x  .  .  x  x  .  .  .  .  .  .
risk_points.list              x  x  x  x  x  x  x  x  x  .  .  .
risk_points.retrieve          x  x  x  x  x  x  x  x  x  .  .  .
risk_points.assessments       x  x  x  x  x  x  x  x  x  .  .  .
risk_points.create            .  .  .  .  .  .  .  .  x  .  .  .
risk_points.partial_update    .  .  .  .  .  .  .  .  x  .  .  .
risk_points.assess            .  .  .  .  .  .  .  .  x  .  .  .
risk_points.retire            .  .  .  .  .  .  .  .  x  .  .  .
self_checks.list              x  x  x  x  x  x  x  x  x  .  .  .
self_checks.retrieve          x  x  x  x  x  x  x  x  x  .  .  .
self_checks.put               .  .  .  .  .  .  .  .  x  .  .  .
self_check_duty.show          x  x  x  x  x  x  x  x  x  .  .  .
self_check_rates.show         x  x  x  x  x  x  x  x  .  .  .  .
accidents.list                x  x  x  x  x  x  x  x  x  .  .  .
accidents.retrieve            x  x  x  x  x  x  x  x  x  .  .  .
accidents.put                 x  x  .  x  x  x  .  x  x  .  .  .
accidents.reports             x  x  x  x  x  x  x  x  x  .  .  .
accidents.report              x  x  .  x  x  x  .  x  x  .  .  .
accidents.clock               x  x  x  x  x  x  x  x  x  .  .  .
accidents.decide              .  .  .  .  .  x  .  .  .  .  .  .
accidents.write_off           .  .  .  .  .  x  .  .  .  .  .  .
accidents.override            .  .  .  .  .  x  .  .  .  .  .  .
accidents.send_leg            .  x  .  .  x  x  .  x  .  .  .  .
accidents.receive_leg         .  x  x  .  x  x  .  x  .  .  .  .
accidents.told                .  .  .  .  .  x  .  x  .  .  .  .
accidents.rescue_ended        .  .  .  .  .  x  .  x  .  .  .  .
accidents.join                .  .  .  .  .  x  .  x  .  .  .  .
accidents.separate            .  .  .  .  .  x  .  x  .  .  .  .
accidents.twins               x  x  x  x  x  x  x  x  .  .  .  .
accidents.findings            x  x  x  x  x  x  x  x  x  .  .  .
accidents.find                .  .  .  .  .  x  .  .  .  .  .  .
accidents.revoke              .  .  .  .  .  x  .  .  .  .  .  .
accident_twins.list           x  x  x  x  x  x  x  x  .  .  .  .
accident_twins.dismiss        .  .  .  .  .  x  .  x  .  .  .  .
report_legs.list              x  x  x  x  x  x  x  x  x  .  .  .
report_reminders.list         x  x  x  x  x  x  x  x  x  .  .  .
report_reminders.seen         x  x  x  x  x  x  x  x  x  .  .  .
investigations.show           x  x  x  x  x  x  x  x  x  .  .  .
investigations.open           .  .  .  .  .  x  .  .  .  .  .  .
investigations.take_over      .  .  .  .  .  x  .  .  .  .  .  .
investigations.extend         .  .  .  .  .  x  .  .  .  .  .  .
investigations.appraise       .  .  .  .  .  x  .  .  .  .  .  .
investigations.submit         .  .  .  .  .  x  .  .  .  .  .  .
investigations.approve        .  .  .  .  .  x  .  .  .  .  .  .
investigations.mark           .  .  .  .  .  x  .  .  .  .  .  .
investigations.close          .  .  .  .  .  x  .  .  .  .  .  .
investigations.assess         .  .  .  .  .  x  .  .  .  .  .  .
zero_accident.ratios          x  x  x  x  x  x  x  x  .  .  .  .
zero_accident.breakdown       x  x  x  x  x  x  x  x  .  .  .  .
zero_accident.ranking         x  x  x  x  x  x  x  x  .  .  .  .
zero_accident_broken.list     x  x  x  x  x  x  x  x  .  .  .  .
zero_accident_standards.list  x  x  x  x  x  x  x  x  x  .  .  .
zero_accident_standards.assess .  x  .  .  .  x  .  .  .  .  .  .
zero_accident_short.list      x  x  x  x  x  x  x  x  .  .  .  .
zero_accident_targets.list    x  x  x  x  x  x  x  x  .  .  .  .
zero_accident_targets.set     .  .  .  .  .  x  x  .  .  .  .  .
zero_accident_policies.list   x  x  x  x  x  x  x  x  x  .  .  .
zero_accident_revisions.list  x  x  x  x  x  x  x  x  .  .  .  .
zero_accident_notices.list    .  x  x  .  .  x  x  x  .  .  .  .
zero_accident_notices.seen    .  x  x  .  .  .  .  .  .  .  .  .
closings.list                 x  x  x  x  x  x  x  x  .  .  .  .
closings.retrieve             x  x  x  x  x  x  x  x  .  .  .  .
closings.ranking              x  x  x  x  x  x  x  x  .  .  .  .
closings.broken               x  x  x  x  x  x  x  x  .  .  .  .
closings.create               .  .  .  .  .  x  .  .  .  .  .  .
closings.sign                 .  .  .  .  .  x  x  .  .  .  .  .
closings.withdraw             .  .  .  .  .  x  x  .  .  .  .  .
closings.freeze               .  .  .  .  .  x  x  .  .  .  .  .
closings.revise               .  .  .  .  .  x  .  .  .  .  .  .
closings.no_objection         .  x  x  .  .  .  .  .  .  .  .  .
source_lists.list             .  .  .  .  x  x  x  .  .  .  .  .
source_lists.retrieve         .  .  .  .  x  x  x  .  .  .  .  .
source_lists.template         .  .  .  .  x  x  x  .  .  .  .  .
source_lists.create           .  .  .  .  x  x  .  .  .  .  .  .
source_lists.send_workbook    .  .  .  .  x  x  .  .  .  .  .  .
source_differences.show       .  .  .  .  .  x  x  .  .  .  .  .
source_differences.explain    .  .  .  .  .  x  .  .  .  .  .  .
source_rows.match             .  .  .  .  .  x  .  .  .  .  .  .
source_rows.add               .  .  .  .  .  x  .  .  .  .  .  .
source_rows.set_aside         .  .  .  .  .  x  .  .  .  .  .  .
source_rows.accept            .  .  .  .  .  x  .  .  .  .  .  .
source_rows.undo              .  .  .  .  .  x  .  .  .  .  .  .
objections.list               .  x  x  .  .  x  x  .  .  .  .  .
objections.retrieve           .  x  x  .  .  x  x  .  .  .  .  .
objections.make               .  x  x  .  .  .  .  .  .  .  .  .
objections.withdraw           .  x  x  .  .  .  .  .  .  .  .  .
objections.answer             .  .  .  .  .  x  .  .  .  .  .  .
supervision_class.show        x  x  x  x  x  x  x  x  x  .  .  .
supervision_class.accept      .  .  .  .  x  x  .  .  .  .  .  .
supervision_class.set_manual  .  .  .  .  x  x  .  .  .  .  .  .
supervision.what_if           x  x  x  x  x  x  x  x  x  .  .  .
supervision.schemes           x  x  x  x  x  x  x  x  x  .  .  .
ledger_supervision.list      .  x  x  .  x  x  x  .  .  .  .  .
ledger_rectification.list    .  x  x  .  x  x  x  .  x  .  .  .
ledger_listed_supervision.list .  x  x  .  x  x  x  .  .  .  .  .
ledger_accountability.list   .  .  .  .  x  x  x  .  .  .  .  .
ledger_joint_punishment.list .  x  x  .  x  x  x  .  .  .  .  .
ledger_dishonesty.list       .  x  x  .  x  x  x  .  .  .  .  .
imports.template             .  x  .  .  x  x  .  .  .  .  .  .
imports.send                 .  x  .  .  x  x  .  .  .  .  .  .
imports.list                 .  x  .  .  x  x  .  .  .  .  .  .
imports.retrieve             .  x  .  .  x  x  .  .  .  .  .  .
imports.report               .  x  .  .  x  x  .  .  .  .  .  .
report_templates.list        .  .  .  .  x  x  x  .  .  .  .  .
report_templates.create      .  .  .  .  x  x  x  .  .  .  .  .
report_templates.retrieve    .  .  .  .  x  x  x  .  .  .  .  .
report_templates.map_columns .  .  .  .  x  x  x  .  .  .  .  .
report_templates.filled      .  .  .  .  x  x  x  .  .  .  .  .
report_templates.mark        .  .  .  .  x  x  x  .  .  .  .  .
reconciliations.list         .  .  .  .  x  x  x  .  .  .  .  .
reconciliations.create       .  .  .  .  x  x  x  .  .  .  .  .
reconciliations.retrieve     .  .  .  .  x  x  x  .  .  .  .  .
reconciliations.report       .  .  .  .  x  x  x  .  .  .  .  .
reconciliations.take_numbers .  .  .  .  x  x  x  .  .  .  .  .
files.unit                    x  x  x  x  x  x  x  x  x  .  .  .
files.hazard                  .  x  x  .  x  x  x  .  .  .  .  .
files.accident                .  x  x  .  x  x  x  x  .  .  .  .
regions.list                  x  x  x  x  x  x  x  x  x  x  x  x
map.geojson                   x  x  x  x  x  x  x  x  x  .  .  .
map.tile                      x  x  x  x  x  x  x  x  x  .  .  .
sectors.list                  x  x  x  x  x  x  x  x  x  x  x  x
checklists.list               x  x  x  x  x  x  x  x  x  x  x  x
hazard_standards.list         x  x  x  x  x  x  x  x  x  x  x  x
rules.list                    x  x  x  x  x  x  x  x  x  x  x  x
assessment_sheets.list        .  x  x  .  x  x  x  .  .  .  .  .
assessment_sheets.retrieve    .  x  x  .  x  x  x  .  .  .  .  .
assessment_sheets.export      .  x  x  .  x  x  x  .  .  .  .  .
assessment_sheets.draft       .  .  .  .  .  x  .  .  .  .  .  .
assessment_sheets.state_view  .  x  x  .  x  .  .  .  .  .  .  .
assessment_sheets.confirm     .  .  .  .  .  x  x  .  .  .  .  .
assessment_sheets.revise      .  .  .  .  .  x  x  .  .  .  .  .
vetoes.list                   .  x  x  .  x  x  x  .  .  .  .  .
vetoes.retrieve               .  x  x  .  x  x  x  .  .  .  .  .
vetoes.confirm                .  .  .  .  .  .  x  .  .  .  .  .
vetoes.reject                 .  .  .  .  .  .  x  .  .  .  .  .
vetoes.lift                   .  .  .  .  .  .  x  .  .  .  .  .
key_patrol.list               .  x  x  .  x  x  x  .  .  .  .  .
key_patrol.retrieve           .  x  x  .  x  x  x  .  .  .  .  .
key_patrol.open_list          .  .  .  .  .  x  .  .  .  .  .  .
key_patrol.add                .  .  .  .  .  x  x  .  .  .  .  .
key_patrol.confirm            .  .  .  .  .  x  x  .  .  .  .  .
key_patrol.remove             .  .  .  .  .  x  x  .  .  .  .  .
key_patrol.fix                .  .  .  .  .  x  x  .  .  .  .  .
larger_disasters.list         .  x  x  .  x  x  x  .  .  .  .  .
larger_disasters.create       .  .  .  .  .  x  x  .  .  .  .  .
larger_disasters.void         .  .  .  .  .  x  x  .  .  .  .  .
bulletins.list                x  x  x  x  x  x  x  x  .  .  .  .
bulletins.retrieve            x  x  x  x  x  x  x  x  .  .  .  .
bulletins.pdf                 x  x  x  x  x  x  x  x  .  .  .  .
bulletins.docx                x  x  x  x  x  x  x  x  .  .  .  .
bulletins.xlsx                x  x  x  x  x  x  x  x  .  .  .  .
bulletins.draft               .  .  .  .  .  x  .  .  .  .  .  .
bulletins.edit                .  .  .  .  .  x  .  .  .  .  .  .
quick_reports.list            x  x  x  x  x  x  x  x  x  .  .  .
quick_reports.retrieve        x  x  x  x  x  x  x  x  x  .  .  .
quick_reports.pdf             x  x  x  x  x  x  x  x  x  .  .  .
quick_reports.docx            x  x  x  x  x  x  x  x  x  .  .  .
quick_reports.draft           .  .  .  .  .  x  x  x  .  .  .  .
quick_reports.edit            .  .  .  .  .  x  x  x  .  .  .  .
quick_reports.sign            .  .  .  .  .  x  .  x  .  .  .  .
"""
ROWS = {line.split()[0]: dict(zip(ROLES, line.split()[1:], strict=True)) for line in MATRIX.strip().splitlines()}
OPEN = {"auth.login", "verify.show"}  # before anybody has signed in
NOBODYS_FAULT = {"forbidden", "unauthenticated", "bad_token", "password_change_needed"}


@dataclass(frozen=True)
class Route:
    name: str
    method: str
    address: str

    def __str__(self) -> str:
        return self.name


SAMPLES = {
    "slug": "hazards",
    "uuid": str(UUID(int=1)),
    "int": "7",
    "str": "hazards",
    "path": "nothing",
    "layer": "hazards",
}


def doors(patterns=None, before: str = "") -> Iterator[Route]:
    """Every route of the API, found in the addresses themselves."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from doors(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern) and hasattr(pattern.callback, "actions"):
            for method, action in pattern.callback.actions.items():
                yield Route(f"{pattern.callback.initkwargs['basename']}.{action}", method, "/" + _filled(pattern, here))


def _filled(pattern: URLPattern, address: str) -> str:
    for name, converter in pattern.pattern.converters.items():
        kind = next(word for word in SAMPLES if type(converter).__name__.lower().startswith(word))
        for spelling in (f"<{kind}:{name}>", f"<{name}>"):
            address = address.replace(spelling, SAMPLES.get(name, SAMPLES[kind]))
    return address


ROUTES = sorted(set(doors()), key=lambda route: (route.name, route.address))


def test_every_route_has_its_row_in_the_table_and_in_the_matrix():
    names = {route.name for route in ROUTES} - OPEN
    assert names == set(MAY) == set(ROWS)


def test_the_matrix_says_what_the_table_says():
    for name, row in ROWS.items():
        allowed = {Role(CAST[who]["role"]) for who, mark in row.items() if mark == "x"}
        assert allowed == MAY[name], name


def test_the_matrix_knows_every_role():
    assert {CAST[who]["role"] for who in ROLES} == set(Role)


def test_the_administrators_never_meet_business():
    business = [
        name
        for name in MAY
        if name.split(".")[0] in ("hazards", "inspections", "photos", "enterprises", "accidents", "sites", "tasks")
    ]
    assert business
    for name in business:
        assert not any(ROWS[name][who] == "x" for who in ("sysadmin", "secadmin", "auditor")), name


def refused(answer) -> bool:
    if answer.status_code not in (401, 403):
        return False
    return answer.json()["code"] in NOBODYS_FAULT


def call(client, route: Route, **extra):
    if route.method in ("get", "delete"):
        return getattr(client, route.method)(route.address, **extra)
    return getattr(client, route.method)(
        route.address, {}, format="json" if "content" not in route.address else None, **extra
    )


CLOSED = sorted((route for route in ROUTES if route.name not in OPEN), key=lambda route: route.name == "auth.logout")


def test_nobody_passes_a_closed_door(as_):
    nobody = as_(None)
    assert {str(route): call(nobody, route).status_code for route in CLOSED} == {str(route): 401 for route in CLOSED}


@pytest.mark.parametrize("way", ["token", "session"])
@pytest.mark.parametrize("who", ROLES)
def test_every_door_opens_to_its_roles_and_to_no_other(who, way, as_, on_page):
    client = as_(who) if way == "token" else on_page(who)
    for route in CLOSED:
        answer = call(client, route) if way == "token" else _with_csrf(client, route)
        assert refused(answer) is not (ROWS[route.name][who] == "x"), (route.name, answer.status_code)
        assert answer.status_code < 500, route.name


def _with_csrf(browser, route: Route):
    from django.middleware.csrf import _get_new_csrf_string

    token = _get_new_csrf_string()
    browser.cookies["csrftoken"] = token
    return call(browser, route, HTTP_X_CSRFTOKEN=token)


@pytest.mark.parametrize("who", ["bureau", "township", "enterprise"])
def test_no_page_can_be_made_to_write_without_its_token(who, on_page):
    browser = on_page(who)
    for route in (route for route in CLOSED if route.method != "get" and ROWS[route.name][who] == "x"):
        assert call(browser, route).status_code == 403, route.name


def test_only_signing_in_and_the_verification_of_a_paper_are_open():
    for pattern in get_resolver().url_patterns:
        if isinstance(pattern, URLResolver) and "api" in str(pattern.pattern):
            for route_pattern in _leaves(pattern):
                view = getattr(route_pattern.callback, "cls", None)
                if view and AllowAny in view.permission_classes:
                    assert route_pattern.callback.initkwargs["basename"] in ("auth", "verify")


def _leaves(resolver: URLResolver) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        yield from _leaves(pattern) if isinstance(pattern, URLResolver) else [pattern]


# --- rows: one's own, and another region's -----------------------------------------------------------------------------------
SEES = {  # who sees a record of the home township, and who one of the other
    "inspector": (True, False), "inspector2": (False, True), "township": (True, False), "leader": (True, False),
    "village": (True, False), "department": (True, True), "bureau": (True, True), "committee": (True, True),
    "duty": (True, True), "enterprise": (True, False), "principal": (True, False),
}  # fmt: skip


@pytest.fixture(scope="module")
def world(once_a_module):
    """A unit, a visit with a hazard and a photo, a hazard of its own and an accident, at home and elsewhere."""
    from accounts.models import User
    from tests.enterprises.units import elsewhere, mine
    from tests.inspections.bodies import a_finding, a_photo, a_visit

    people = User.objects.in_bulk(["inspector", "inspector2", "bureau"], field_name="username")
    records: list[dict[str, str]] = []
    for number, (unit, who) in enumerate([(mine(), "inspector"), (elsewhere(), "inspector2")], start=1):
        visit, hazard = str(UUID(int=100 + number)), str(UUID(int=200 + number))
        body = a_visit(unit, hazards=[a_finding(hazard)], photos=[a_photo(number)])
        assert phone_of(people[who]).put(f"/api/v1/inspections/{visit}", body, format="json").status_code == 201
        accident = str(UUID(int=300 + number))
        told = phone_of(people["bureau"]).put(f"/api/v1/accidents/{accident}", an_accident(unit), format="json")
        assert told.status_code == 201, told.json()
        records.append({
            "enterprises": str(unit.pk), "inspections": visit, "hazards": hazard, "photos": a_photo(number)["id"], "accidents": accident,
        })  # fmt: skip
    return records


def an_accident(unit) -> dict:
    return {
        "occurred_at": "2026-11-02T08:00:00+08:00", "region": unit.region_code, "category": "Z1", "nature": "production",
        "sector": "coal_mine", "deaths": 0, "serious_injuries": 1, "missing": 0, "direct_loss_yuan": "120000.00",
        "units": [{"enterprise": str(unit.pk), "role": "occurring", "responsible": None}], "description": "演示：支护作业受伤", "photos": [],
        "device": {},
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["enterprises", "inspections", "hazards", "photos", "accidents"])
def test_a_record_of_another_jurisdiction_looks_as_if_it_did_not_exist(kind, world, as_, on_page):
    for who, sees in SEES.items():
        for record, visible in zip(world, sees, strict=True):
            for client in (as_(who), on_page(who)):
                status = client.get(f"/api/v1/{kind}/{record[kind]}").status_code
                assert status == (200 if visible else 404), (who, status)


@pytest.mark.parametrize("kind", ["enterprises", "inspections", "hazards", "accidents"])
def test_a_list_holds_the_rows_of_ones_jurisdiction_only(kind, world, as_):
    for who, sees in SEES.items():
        listed = {row["id"] for row in as_(who).get(f"/api/v1/{kind}").json()["results"]}
        assert listed == {record[kind] for record, visible in zip(world, sees, strict=True) if visible}, who


PARTS = [
    ("get", "inspections", "/receipt"), ("get", "hazards", "/history"), ("post", "hazards", "/confirm"), ("post", "hazards", "/reject"),
    ("post", "hazards", "/close-on-spot"), ("get", "hazards", "/extensions"), ("post", "hazards", "/order"), ("post", "hazards", "/pass"),
    ("post", "hazards", "/acknowledge"), ("post", "hazards", "/extensions"), ("post", "hazards", "/escalate"), ("put", "photos", "/content"), ("get", "enterprises", "/facts"),
    ("get", "enterprises", "/conditions"), ("get", "enterprises", "/supervision-class"), ("get", "accidents", "/reports"),
    ("get", "accidents", "/clock"), ("get", "accidents", "/findings"), ("get", "accidents", "/twins"), ("get", "accidents", "/investigation"),
    ("post", "accidents", "/join"), ("post", "accidents", "/told"), ("post", "accidents", "/investigation"),
]  # fmt: skip


@pytest.mark.parametrize("method, kind, part", PARTS, ids=lambda each: str(each))
def test_no_part_of_a_strangers_record_can_be_reached(method, kind, part, world, as_):
    address = f"/api/v1/{kind}/{world[1][kind]}{part}"
    for who in ("inspector", "township", "enterprise", "village", "leader"):
        answer = getattr(as_(who), method)(address)
        assert answer.status_code in (403, 404), (who, answer.status_code)


@pytest.mark.parametrize("region, mine", [(HOME, True), ("141123101", False), ("141123", True)])
def test_asking_for_a_region_that_is_not_mine_gives_an_empty_list(region, mine, world, as_):
    listed = as_("township").get(f"/api/v1/hazards?region={region}").json()["results"]
    assert bool(listed) is mine

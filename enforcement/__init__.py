"""督办与执法衔接 Enforcement: what authorities decide beyond a hazard's own loop, and the registers of it.

Words     listing 挂牌督办 · proposal 挂牌建议 · delist 摘牌 · stop order 停产停业决定 · resumption 复产 · consent 同意
          case 案件 · penalty 处罚 · ground 不予处罚的理由
          handover 抄告（审管衔接） · approval note 审批信息 · accountability 追责问责 · joint punishment 联合惩戒
          dishonesty 严重失信主体名单
Rooms     kinds.py the words of every register · states.py who may become what · rules.py days that follow from days
          periods.py the dated periods · subjects.py whom a record is about · querysets.py reading
          models/ actions/ serializers/ views/ one file a noun · handlers.py, tasks.py proposals and reminders
          papers.py the papers of stop and resumption · following.py a case for a hazard that is handed over
Leans on  hazards (listed, stopped: hazards.actions.listing), enterprises (stated facts: stop_order, dishonesty_listing),
          reference (periods, regimes, departments), accounts (masks); a visit and a paper stand as plain ids
"""

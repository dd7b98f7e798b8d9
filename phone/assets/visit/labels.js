// The words of a visit, as the server's shapes know them (inspections/models.py, reference/terms.py).
export const AUTHORITIES = { administrative: "行政检查", patrol: "属地巡查", supervision: "督导", expert_service: "专家服务", self_check: "自查" }
export const KINDS = { routine: "日常", special: "专项", double_random: "双随机", joint: "联合", expert: "执法+专家", unannounced: "暗访", review: "复查" }
export const TYPES = { daily: "日常检查", special: "专项检查", case: "个案检查" }
export const SOURCES = { plan: "年度检查计划", campaign: "上级部署的专项行动", complaint: "投诉举报", transfer: "转办交办", accident: "事故、险情", own_request: "企业自行申请", review: "复查" }
export const RESULTS = { pass: ["ok", "合格"], not_applicable: ["minus", "不涉及"], fail: ["x", "不合格"] }
export const HINTS = { M: "不合格的话疑似重大，请对照判定标准", S: "通知要求：不合格的停产整顿", A: "通知要求：比照事故调查处理" }

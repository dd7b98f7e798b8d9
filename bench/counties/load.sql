-- 10 counties: units, visits and hazards in today's tables, as the migrations make them. psql -v visits=10000000 -v hazards=3000000
-- Columns that the hot paths read are filled, answers are not: they are read with one visit, by its key. Ids are random, as phones
-- make them; visits lie in the order of their days, the counties among one another. No trigger and no foreign key runs meanwhile.
\set ON_ERROR_STOP 1
SET client_min_messages = warning;
SET session_replication_role = replica;
SET maintenance_work_mem = '1GB';
TRUNCATE enterprises_enterprise, inspections_inspection, hazards_hazard CASCADE;
-- Indexes are filled in one go afterwards (REINDEX): ten million rows one by one would take hours.
UPDATE pg_index SET indisready = false, indisvalid = false
 WHERE indrelid IN ('inspections_inspection'::regclass, 'hazards_hazard'::regclass);

CREATE OR REPLACE FUNCTION bench_county(n bigint) RETURNS text IMMUTABLE LANGUAGE sql AS
$$ SELECT (ARRAY['141102','141121','141122','141123','141124','141125','141126','141127','141128','141129'])[1 + n % 10] $$;
CREATE OR REPLACE FUNCTION bench_village(n bigint) RETURNS text IMMUTABLE LANGUAGE sql AS  -- 15 townships, 12 villages each
$$ SELECT bench_county(n) || 100 + n / 10 % 15 || 200 + n / 150 % 12 $$;
CREATE OR REPLACE FUNCTION bench_id(kind text, n bigint) RETURNS uuid IMMUTABLE LANGUAGE sql AS $$ SELECT md5(kind || n)::uuid $$;
CREATE OR REPLACE FUNCTION bench_point(n bigint) RETURNS geometry IMMUTABLE LANGUAGE sql AS  -- each county has a box of its own
$$ SELECT ST_SetSRID(ST_MakePoint(110.5 + 0.25 * (n % 10 % 4) + hashint8(n) % 120000 / 1e6,
                                  36.8 + 0.3 * (n % 10 / 4) + hashint8(n + 7) % 140000 / 1e6), 4326) $$;

INSERT INTO enterprises_enterprise (id, xid, region_code, status, unit_type, sectors, above_scale, producing, underground, special_geology,
    traits, name, name_search, pinyin, no_credit_code_reason, registered_region_code, address, principal_name, principal_phone,
    supervision_class, class_provisional, risk_colour, is_demo, sector_id, point)
SELECT bench_id('u', n), n, bench_village(n), 'operating', 'enterprise', '{}', false, true, false, false,
    '{}', '第' || n || '煤业有限公司', '', '', '正在办理', bench_village(n), '', '', '', '', false, '', false, 'coal_mine', bench_point(n)
  FROM generate_series(1, 200000) AS n;

INSERT INTO inspections_inspection (id, xid, content_sha256, by_id, by_name, enterprise_id, place, place_type, project_type, region_code,
    sector_id, kind, authority, started_at, finished_at, received_at, point, sent_crs, companions, checklist_code, checklist_version,
    unanswered, answers, device, warnings, hazards_found, is_demo, type, source)
SELECT bench_id('v', n), n, md5('c' || n) || md5('d' || n), bench_id('p', n % 10 + n / 10 % 400 * 10), '检查员',
    bench_id('u', n % 10 + 10 * (1 + abs(hashint8(n) % 19990))), '', '', '', bench_village(n),
    (ARRAY['coal_mine','hazardous_chemicals','construction','fire','traffic','trade'])[1 + abs(hashint8(n) % 6)],
    (ARRAY['routine','special','joint','review'])[1 + n % 7 % 4], 'administrative', begun.at, begun.at + interval '1 hour',
    begun.at + interval '2 hours', bench_point(n), 'gcj02', '{}', 'coal_mine', '2021-1', 'pass', '[]',
    '{"app": "3.2.1", "model": "bench"}', '{}', 0, false, 'daily', '{"kind": "plan"}'
  FROM generate_series(1, :visits) AS n,
       LATERAL (SELECT timestamptz '2026-11-30 10:00+08' - (:visits - n) * interval '4 years' / :visits) AS begun(at);

INSERT INTO hazards_hazard (id, xid, content_sha256, state, level, origin, region_code, place, inspection_id, item, description,
    standard_clause, judged_by_expert, point, sent_crs, reported_by, reporter_name, found_at, received_at, due_on, listed_level,
    production_stopped, external_number, is_demo, enterprise_id, sector_id, closed_on)
SELECT bench_id('h', n), n, md5('e' || n) || md5('f' || n), shown.state, CASE WHEN n % 41 = 0 THEN 'major' ELSE 'general' END, 'inspection',
    bench_village(v), '', bench_id('v', v), 'C09-12', '顶板支护间距超出作业规程规定', '', '', bench_point(v), 'gcj02',
    bench_id('p', v % 10 + v / 10 % 400 * 10), '检查员', begun.at, begun.at + interval '2 hours', (begun.at + interval '15 days')::date, '',
    false, '', false, bench_id('u', v % 10 + 10 * (1 + abs(hashint8(v) % 19990))), 'coal_mine',
    CASE WHEN shown.state = 'closed' THEN (begun.at + interval '9 days')::date END
  FROM generate_series(1, :hazards) AS n,
       LATERAL (SELECT n::bigint * :visits / :hazards / 10 * 10 + n % 10) AS visit(v),  -- each county's, in the order of days
       LATERAL (SELECT timestamptz '2026-11-30 10:00+08' - (:visits - v) * interval '4 years' / :visits) AS begun(at),
       LATERAL (SELECT CASE WHEN n % 50 = 0 THEN 'rectifying' ELSE 'closed' END) AS shown(state);

REINDEX TABLE inspections_inspection;
REINDEX TABLE hazards_hazard;
VACUUM (ANALYZE) enterprises_enterprise, inspections_inspection, hazards_hazard;

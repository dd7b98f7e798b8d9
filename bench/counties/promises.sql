-- What the database promises today and cannot promise once the rows are spread by county. Errors are the point; all is rolled back.
-- psql -a -f promises.sql > plans/promises.txt 2>&1
SET client_min_messages = warning;
SET search_path = by_county, public;

-- 1. One visit an id: a phone's id is all that PUT has.
ALTER TABLE inspections_inspection ADD UNIQUE (id);
-- 2. One unit a credit code, in the whole province.
ALTER TABLE enterprises_enterprise ADD UNIQUE (credit_code);
-- 3. A hazard's visit exists.
ALTER TABLE hazards_hazard ADD FOREIGN KEY (inspection_id) REFERENCES inspections_inspection (id);
-- 4. So the same visit, sent again after its unit was found to lie in the next county, is a second one: INSERT … ON CONFLICT sees nothing.
BEGIN;
CREATE TEMPORARY TABLE sent_again AS SELECT * FROM inspections_inspection WHERE county = '141123' LIMIT 1;
UPDATE sent_again SET county = '141124', enterprise_id = NULL, place = '路边';
INSERT INTO inspections_inspection SELECT * FROM sent_again ON CONFLICT DO NOTHING;
SELECT id, count(*) FROM inspections_inspection WHERE id = (SELECT id FROM sent_again) GROUP BY id;
ROLLBACK;
-- 5. A unit that moves to the next county: its row changes its machine, and all that refers to it would have to.
BEGIN;
UPDATE enterprises_enterprise SET county = '141124' WHERE county = '141123'
   AND id = (SELECT enterprise_id FROM inspections_inspection WHERE county = '141123' LIMIT 1);
ROLLBACK;
-- 6. A visit of an officer of this county to a unit of the next one (joint inspections, villages that changed hands).
BEGIN;
UPDATE inspections_inspection SET enterprise_id = (SELECT id FROM enterprises_enterprise WHERE county = '141124' LIMIT 1)
 WHERE county = '141123' AND id = (SELECT id FROM inspections_inspection WHERE county = '141123' LIMIT 1);
ROLLBACK;

-- The same rows with the county in every key: each of the ten counties a partition, as Citus would make it a shard.
-- Same columns, same checks, same indexes (the keys with the county in them). A schema of its own, so that today's statements
-- meet it under the names they know (search_path).
\set ON_ERROR_STOP 1
SET client_min_messages = warning;
SET maintenance_work_mem = '1GB';
DROP SCHEMA IF EXISTS by_county CASCADE;
CREATE SCHEMA by_county;

CREATE FUNCTION by_county.spread(name text, gone boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE one text;
BEGIN
  EXECUTE format('CREATE TABLE by_county.%1$I (county varchar(6) NOT NULL, LIKE public.%1$I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)'
                 ' PARTITION BY LIST (county)', name);
  FOR one IN SELECT bench_county(n) FROM generate_series(0, 9) AS n LOOP
    EXECUTE format('CREATE TABLE by_county.%I PARTITION OF by_county.%I FOR VALUES IN (%L)', name || '_' || one, name, one);
  END LOOP;
  EXECUTE format('INSERT INTO by_county.%1$I SELECT left(region_code, 6), * FROM public.%1$I', name);
  FOR one IN SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = name AND indexdef NOT LIKE 'CREATE UNIQUE%' LOOP
    EXECUTE replace(one, ' ON public.', ' ON by_county.');
  END LOOP;
  EXECUTE format('ALTER TABLE by_county.%I ADD PRIMARY KEY (id, county)', name);  -- found by the id alone, too
  IF gone THEN
    EXECUTE format('TRUNCATE public.%I CASCADE', name);
  END IF;
END $$;

SELECT by_county.spread('enterprises_enterprise', false);
SELECT by_county.spread('inspections_inspection', :'gone');
SELECT by_county.spread('hazards_hazard', :'gone');

-- A reference between two spread tables carries the county; one to a reference table (sectors, departments) does not.
ALTER TABLE by_county.inspections_inspection
  ADD FOREIGN KEY (county, enterprise_id) REFERENCES by_county.enterprises_enterprise (county, id);
ALTER TABLE by_county.hazards_hazard
  ADD FOREIGN KEY (county, inspection_id) REFERENCES by_county.inspections_inspection (county, id),
  ADD FOREIGN KEY (county, enterprise_id) REFERENCES by_county.enterprises_enterprise (county, id);
ANALYZE by_county.enterprises_enterprise, by_county.inspections_inspection, by_county.hazards_hazard;

import { withClient } from '../db/with-client.ts';

/** Tables with what hangs on them, functions and types of the schema that Berth uses; no extension's. The schema itself and its rights stay. */
const DROP_ALL = `DO $$ DECLARE statement text; BEGIN
  FOR statement IN
    SELECT format('DROP TABLE %I.%I CASCADE', schemaname, tablename) FROM pg_tables WHERE schemaname = 'public'
  LOOP EXECUTE statement; END LOOP;
  FOR statement IN
    SELECT format('DROP ROUTINE %s CASCADE', p.oid::regprocedure) FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
  LOOP EXECUTE statement; END LOOP;
  FOR statement IN
    SELECT format('DROP TYPE %s CASCADE', t.oid::regtype) FROM pg_type t
    WHERE t.typnamespace = 'public'::regnamespace AND t.typtype = 'e'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')
  LOOP EXECUTE statement; END LOOP;
END $$`;

/** Take an inventory out of a database, in one statement and so wholly or not at all. */
export async function emptyDatabase(url: string): Promise<void> {
  await withClient(url, (client) => client.query(DROP_ALL));
}

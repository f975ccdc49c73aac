-- CreateTable
CREATE TABLE "audit_entry" (
    "seq" INTEGER NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "actorId" TEXT,
    "via" TEXT NOT NULL,
    "address" TEXT,
    "action" TEXT NOT NULL,
    "subjectType" TEXT,
    "subjectId" TEXT,
    "subjectName" TEXT,
    "operation" TEXT,
    "input" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "reason" TEXT,
    "atomic" BOOLEAN NOT NULL,
    "previous" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("seq")
);

-- CreateIndex
CREATE INDEX "audit_entry_subjectId_seq_idx" ON "audit_entry"("subjectId", "seq");

-- CreateIndex
CREATE INDEX "audit_entry_actor_seq_idx" ON "audit_entry"("actor", "seq");

-- A text as a netstring (length in bytes, then itself), so that no two rows have the same bytes to hash; null is a dash.
CREATE FUNCTION "audit_netstring"(value TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN value IS NULL THEN '-,' ELSE octet_length(convert_to(value, 'UTF8')) || ':' || value || ',' END
$$;

-- The next row, after the one before: one at a time until the end of the transaction, which is the change's where there is one.
CREATE FUNCTION "audit_append"(
    p_actor TEXT, p_actor_id TEXT, p_via TEXT, p_address TEXT, p_action TEXT, p_subject_type TEXT, p_subject_id TEXT,
    p_subject_name TEXT, p_operation TEXT, p_input TEXT, p_outcome TEXT, p_reason TEXT, p_atomic BOOLEAN
) RETURNS INTEGER LANGUAGE plpgsql AS $$
DECLARE
    v_seq INTEGER;
    v_previous TEXT;
    v_at TIMESTAMP(3);
BEGIN
    PERFORM pg_advisory_xact_lock(5831705);
    SELECT "seq" + 1, "hash" INTO v_seq, v_previous FROM "audit_entry" ORDER BY "seq" DESC LIMIT 1;
    v_seq := coalesce(v_seq, 1);
    v_previous := coalesce(v_previous, '');
    v_at := date_trunc('milliseconds', clock_timestamp() AT TIME ZONE 'UTC');
    INSERT INTO "audit_entry" VALUES (
        v_seq, v_at, p_actor, p_actor_id, p_via, p_address, p_action, p_subject_type, p_subject_id, p_subject_name, p_operation,
        p_input, p_outcome, p_reason, p_atomic, v_previous,
        encode(sha256(convert_to(
            audit_netstring(v_previous) || audit_netstring(v_seq::TEXT)
            || audit_netstring(to_char(v_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
            || audit_netstring(p_actor) || audit_netstring(p_actor_id) || audit_netstring(p_via) || audit_netstring(p_address)
            || audit_netstring(p_action) || audit_netstring(p_subject_type) || audit_netstring(p_subject_id)
            || audit_netstring(p_subject_name) || audit_netstring(p_operation) || audit_netstring(p_input)
            || audit_netstring(p_outcome) || audit_netstring(p_reason) || audit_netstring(p_atomic::TEXT),
            'UTF8')), 'hex')
    );
    RETURN v_seq;
END
$$;

-- A mistake in the code cannot change what was written; who owns the database can, which the hashes show.
CREATE FUNCTION "audit_refuse"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of audit_entry are never changed';
END
$$;
CREATE TRIGGER "audit_entry_unchanged" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_entry"
    FOR EACH STATEMENT EXECUTE FUNCTION "audit_refuse"();

-- The one way to remove rows: all up to one, within this function. Who owns the database has others, which a verdict finds.
CREATE FUNCTION "audit_prune"(p_through INTEGER) RETURNS INTEGER LANGUAGE plpgsql AS $$
DECLARE
    v_removed INTEGER;
BEGIN
    PERFORM set_config('berth.audit_prune', 'on', true);
    DELETE FROM "audit_entry" WHERE "seq" <= p_through;
    GET DIAGNOSTICS v_removed = ROW_COUNT;
    PERFORM set_config('berth.audit_prune', 'off', true);
    RETURN v_removed;
END
$$;

CREATE OR REPLACE FUNCTION "audit_refuse"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('berth.audit_prune', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'rows of audit_entry are never changed';
END
$$;

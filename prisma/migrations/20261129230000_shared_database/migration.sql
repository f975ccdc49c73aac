-- Several hosts' servers can share a database: what is of one host says of which.
ALTER TABLE "installation"
  ADD COLUMN "address" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "ipv4" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "ipv6" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "idBase" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "keyHash" TEXT,
  ADD COLUMN "lastSeen" TIMESTAMP(3);

ALTER TABLE "guest" ADD COLUMN "installationId" TEXT NOT NULL DEFAULT '';
ALTER TABLE "image" ADD COLUMN "installationId" TEXT NOT NULL DEFAULT '';
ALTER TABLE "volume" ADD COLUMN "installationId" TEXT NOT NULL DEFAULT '';
ALTER TABLE "operation" ADD COLUMN "installationId" TEXT NOT NULL DEFAULT '';
ALTER TABLE "notice_delivery" ADD COLUMN "installationId" TEXT NOT NULL DEFAULT '';

-- What is there is the one installation's. One that does not say whose it is yet is taken whole at the next start (claim-database.ts).
UPDATE "guest" SET "installationId" = (SELECT "id" FROM "installation") WHERE EXISTS (SELECT FROM "installation");
UPDATE "image" SET "installationId" = (SELECT "id" FROM "installation") WHERE EXISTS (SELECT FROM "installation");
UPDATE "volume" SET "installationId" = (SELECT "id" FROM "installation") WHERE EXISTS (SELECT FROM "installation");
UPDATE "operation" SET "installationId" = (SELECT "id" FROM "installation") WHERE EXISTS (SELECT FROM "installation");
UPDATE "notice_delivery" SET "installationId" = (SELECT "id" FROM "installation") WHERE EXISTS (SELECT FROM "installation");

-- Numbers and names of one host are its own.
DROP INDEX "guest_idRange_key";
DROP INDEX "guest_lease_key";
DROP INDEX "guest_mac_key";
CREATE UNIQUE INDEX "guest_installationId_idRange_key" ON "guest"("installationId", "idRange");
CREATE UNIQUE INDEX "guest_installationId_lease_key" ON "guest"("installationId", "lease");
CREATE UNIQUE INDEX "guest_installationId_mac_key" ON "guest"("installationId", "mac");
ALTER TABLE "image" DROP CONSTRAINT "image_pkey", ADD CONSTRAINT "image_pkey" PRIMARY KEY ("installationId", "name");
ALTER TABLE "volume" DROP CONSTRAINT "volume_pkey", ADD CONSTRAINT "volume_pkey" PRIMARY KEY ("installationId", "name");

-- CreateTable
CREATE TABLE "quota_claim" (
    "guestId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "installationId" TEXT NOT NULL,
    "project" TEXT NOT NULL,
    "guests" INTEGER NOT NULL,
    "cpu" INTEGER NOT NULL,
    "memory" BIGINT NOT NULL,
    "addresses" INTEGER NOT NULL,
    "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "quota_claim_pkey" PRIMARY KEY ("guestId")
);
CREATE INDEX "quota_claim_project_idx" ON "quota_claim"("project");

-- Tells the servers that share this database what has changed: who has changed it (application_name), the noun, and the key of the row.
-- An inventory of one host is told nothing: its server knows. Arguments: the noun, and the column of the key where it has one.
CREATE FUNCTION "tell_servers"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed jsonb;
BEGIN
  IF TG_TABLE_NAME <> 'installation' AND NOT EXISTS (SELECT FROM "installation" OFFSET 1) THEN
    RETURN NULL;
  END IF;
  IF TG_NARGS > 1 THEN
    IF TG_OP = 'DELETE' THEN changed := to_jsonb(OLD); ELSE changed := to_jsonb(NEW); END IF;
  END IF;
  PERFORM pg_notify('berth', concat_ws('|', current_setting('application_name'), TG_ARGV[0], changed ->> TG_ARGV[1]));
  RETURN NULL;
END
$$;

CREATE TRIGGER "tell_servers" AFTER INSERT OR UPDATE OR DELETE ON "guest"
  FOR EACH ROW EXECUTE FUNCTION "tell_servers"('guest', 'id');
CREATE TRIGGER "tell_servers" AFTER INSERT OR UPDATE OR DELETE ON "project"
  FOR EACH ROW EXECUTE FUNCTION "tell_servers"('project', 'name');
CREATE TRIGGER "tell_servers" AFTER INSERT OR UPDATE OR DELETE ON "operation"
  FOR EACH ROW EXECUTE FUNCTION "tell_servers"('operation', 'id');
CREATE TRIGGER "tell_servers" AFTER INSERT OR DELETE OR UPDATE OF "host", "address" ON "installation"
  FOR EACH ROW EXECUTE FUNCTION "tell_servers"('host');
CREATE TRIGGER "tell_servers" AFTER INSERT OR UPDATE OR DELETE ON "auth_grant"
  FOR EACH ROW EXECUTE FUNCTION "tell_servers"('people');
CREATE TRIGGER "tell_servers" AFTER INSERT OR UPDATE OR DELETE ON "auth_role"
  FOR EACH ROW EXECUTE FUNCTION "tell_servers"('people');
CREATE TRIGGER "tell_servers" AFTER INSERT OR DELETE OR UPDATE OF "name", "username", "email", "privileged", "disabledAt" ON "auth_user"
  FOR EACH ROW EXECUTE FUNCTION "tell_servers"('people');
CREATE TRIGGER "tell_servers" AFTER DELETE ON "auth_session"
  FOR EACH ROW EXECUTE FUNCTION "tell_servers"('people');
CREATE TRIGGER "tell_servers" AFTER INSERT OR DELETE ON "auth_setup_link"
  FOR EACH ROW EXECUTE FUNCTION "tell_servers"('people');
CREATE TRIGGER "tell_servers" AFTER INSERT OR DELETE OR UPDATE OF "generation" ON "auth_api_token"
  FOR EACH ROW EXECUTE FUNCTION "tell_servers"('people');
CREATE TRIGGER "tell_servers" AFTER INSERT OR UPDATE OR DELETE ON "saved_view"
  FOR EACH ROW EXECUTE FUNCTION "tell_servers"('view');
CREATE TRIGGER "tell_servers" AFTER INSERT OR UPDATE OR DELETE ON "default_view"
  FOR EACH ROW EXECUTE FUNCTION "tell_servers"('view');
CREATE TRIGGER "tell_servers" AFTER INSERT OR DELETE ON "notice"
  FOR EACH ROW EXECUTE FUNCTION "tell_servers"('notice');
CREATE TRIGGER "tell_servers" AFTER INSERT OR UPDATE OR DELETE ON "notice_channel"
  FOR EACH ROW EXECUTE FUNCTION "tell_servers"('notice');
CREATE TRIGGER "tell_servers" AFTER INSERT OR UPDATE OR DELETE ON "setting"
  FOR EACH ROW EXECUTE FUNCTION "tell_servers"('setting');

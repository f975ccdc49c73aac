-- AlterTable
ALTER TABLE "guest" ADD COLUMN     "edits" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "notes" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "owner" TEXT,
ADD COLUMN     "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 0;


-- A guest is whoever's who made it until somebody says otherwise.
UPDATE "guest" SET "owner" = "createdBy";

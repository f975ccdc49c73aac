-- AlterTable
ALTER TABLE "guest" ADD COLUMN     "atExpiry" TEXT NOT NULL DEFAULT 'nothing',
ADD COLUMN     "contact" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "expires" DATE,
ADD COLUMN     "expiryDone" DATE,
ADD COLUMN     "fields" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "urls" JSONB NOT NULL DEFAULT '[]';

-- AlterTable
ALTER TABLE "project" ADD COLUMN     "fields" JSONB NOT NULL DEFAULT '[]';


-- AlterTable
ALTER TABLE "auth_grant" ADD COLUMN     "tag" TEXT;

-- AlterTable
ALTER TABLE "auth_setup_link" ADD COLUMN     "tag" TEXT;

-- CreateIndex
CREATE INDEX "auth_grant_tag_idx" ON "auth_grant"("tag");


-- AlterTable
ALTER TABLE "auth_grant" ADD COLUMN     "project" TEXT;

-- AlterTable
ALTER TABLE "auth_setup_link" ADD COLUMN     "project" TEXT;

-- AlterTable
ALTER TABLE "guest" ADD COLUMN     "project" TEXT NOT NULL DEFAULT 'default';

-- CreateTable
CREATE TABLE "project" (
    "name" TEXT NOT NULL,
    "about" TEXT NOT NULL DEFAULT '',
    "guestQuota" INTEGER,
    "cpuQuota" INTEGER,
    "memoryQuota" BIGINT,
    "diskQuota" BIGINT,
    "addressQuota" INTEGER,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdBy" TEXT NOT NULL,

    CONSTRAINT "project_pkey" PRIMARY KEY ("name")
);

-- CreateIndex
CREATE INDEX "guest_project_idx" ON "guest"("project");

-- Guests that nobody has given a project are here.
INSERT INTO "project" ("name", "about", "createdBy") VALUES ('default', 'guests of no other project', 'root');

-- AddForeignKey
ALTER TABLE "auth_setup_link" ADD CONSTRAINT "auth_setup_link_project_fkey" FOREIGN KEY ("project") REFERENCES "project"("name") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "auth_grant" ADD CONSTRAINT "auth_grant_project_fkey" FOREIGN KEY ("project") REFERENCES "project"("name") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "guest" ADD CONSTRAINT "guest_project_fkey" FOREIGN KEY ("project") REFERENCES "project"("name") ON DELETE RESTRICT ON UPDATE CASCADE;


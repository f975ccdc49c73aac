-- DropIndex
DROP INDEX "guest_name_key";

-- AlterTable
ALTER TABLE "guest" ADD COLUMN     "trashId" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "trashedAt" TIMESTAMP(3),
ADD COLUMN     "trashedBy" TEXT,
ADD COLUMN     "trashedUntil" TIMESTAMP(3);

-- CreateTable
CREATE TABLE "setting" (
    "name" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "setBy" TEXT NOT NULL,
    "setAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "setting_pkey" PRIMARY KEY ("name")
);

-- CreateIndex
CREATE UNIQUE INDEX "guest_name_trashId_key" ON "guest"("name", "trashId");


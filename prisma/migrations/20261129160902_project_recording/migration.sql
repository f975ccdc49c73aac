-- AlterTable
ALTER TABLE "project" ADD COLUMN     "recordInput" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "recordKeepDays" INTEGER,
ADD COLUMN     "recordMostBytes" INTEGER,
ADD COLUMN     "recordSetAt" TIMESTAMP(3),
ADD COLUMN     "recordSetBy" TEXT;


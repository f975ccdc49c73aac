-- AlterTable
ALTER TABLE "saved_view" ADD COLUMN     "layout" TEXT NOT NULL DEFAULT '';

-- CreateTable
CREATE TABLE "default_view" (
    "scope" TEXT NOT NULL,
    "project" TEXT,
    "viewId" TEXT,
    "setBy" TEXT NOT NULL,
    "setAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "default_view_pkey" PRIMARY KEY ("scope")
);

-- CreateIndex
CREATE UNIQUE INDEX "default_view_project_key" ON "default_view"("project");

-- AddForeignKey
ALTER TABLE "default_view" ADD CONSTRAINT "default_view_project_fkey" FOREIGN KEY ("project") REFERENCES "project"("name") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "default_view" ADD CONSTRAINT "default_view_viewId_fkey" FOREIGN KEY ("viewId") REFERENCES "saved_view"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- Volumes belong to projects, as guests do; those that are there are of the default one.
ALTER TABLE "volume" ADD COLUMN "project" TEXT NOT NULL DEFAULT 'default';

CREATE INDEX "volume_project_idx" ON "volume"("project");

ALTER TABLE "volume" ADD CONSTRAINT "volume_project_fkey" FOREIGN KEY ("project") REFERENCES "project"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

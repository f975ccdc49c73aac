ALTER TABLE "guest" ADD COLUMN "config" JSONB NOT NULL DEFAULT '{}';
ALTER TABLE "auth_user" ADD COLUMN "privileged" BOOLEAN NOT NULL DEFAULT false;
CREATE TABLE "volume" (
    "name" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdBy" TEXT NOT NULL,
    CONSTRAINT "volume_pkey" PRIMARY KEY ("name")
);

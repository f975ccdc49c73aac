-- CreateTable
CREATE TABLE "installation" (
    "id" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "dataDir" TEXT NOT NULL,
    "since" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "movedTo" TEXT,
    "movedAt" TIMESTAMP(3),

    CONSTRAINT "installation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "desk" (
    "id" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "guestId" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "layout" JSONB NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "desk_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "desk_userId_idx" ON "desk"("userId");

-- CreateIndex
CREATE INDEX "desk_guestId_idx" ON "desk"("guestId");

-- AddForeignKey
ALTER TABLE "desk" ADD CONSTRAINT "desk_userId_fkey" FOREIGN KEY ("userId") REFERENCES "auth_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "desk" ADD CONSTRAINT "desk_guestId_fkey" FOREIGN KEY ("guestId") REFERENCES "guest"("id") ON DELETE CASCADE ON UPDATE CASCADE;


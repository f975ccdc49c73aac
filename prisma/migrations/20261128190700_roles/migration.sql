-- AlterTable
ALTER TABLE "auth_setup_link" ADD COLUMN     "createdBy" TEXT NOT NULL DEFAULT 'root',
ADD COLUMN     "guestId" TEXT,
ADD COLUMN     "kind" TEXT NOT NULL DEFAULT 'admin',
ADD COLUMN     "role" TEXT,
ADD COLUMN     "userId" TEXT;

-- AlterTable
ALTER TABLE "auth_user" ADD COLUMN     "disabledAt" TIMESTAMP(3);

-- CreateTable
CREATE TABLE "auth_role" (
    "name" TEXT NOT NULL,
    "about" TEXT NOT NULL DEFAULT '',
    "permissions" TEXT[],
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "auth_role_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "auth_grant" (
    "id" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "guestId" TEXT,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "auth_grant_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "auth_grant_userId_idx" ON "auth_grant"("userId");

-- CreateIndex
CREATE INDEX "auth_grant_role_idx" ON "auth_grant"("role");

-- AddForeignKey
ALTER TABLE "auth_setup_link" ADD CONSTRAINT "auth_setup_link_guestId_fkey" FOREIGN KEY ("guestId") REFERENCES "guest"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "auth_setup_link" ADD CONSTRAINT "auth_setup_link_userId_fkey" FOREIGN KEY ("userId") REFERENCES "auth_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "auth_grant" ADD CONSTRAINT "auth_grant_userId_fkey" FOREIGN KEY ("userId") REFERENCES "auth_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "auth_grant" ADD CONSTRAINT "auth_grant_guestId_fkey" FOREIGN KEY ("guestId") REFERENCES "guest"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- Who could sign in until now could do everything.
INSERT INTO "auth_grant" ("id", "userId", "role", "createdBy") SELECT "id", "id", 'admin', 'root' FROM "auth_user";

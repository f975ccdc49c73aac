-- CreateTable
CREATE TABLE "auth_api_token" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "secretHash" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "role" TEXT,
    "permissions" TEXT[],
    "project" TEXT,
    "generation" INTEGER NOT NULL DEFAULT 0,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "usedAt" TIMESTAMP(3),
    "usedFrom" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "auth_api_token_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "auth_api_token_secretHash_key" ON "auth_api_token"("secretHash");

-- CreateIndex
CREATE UNIQUE INDEX "auth_api_token_userId_name_key" ON "auth_api_token"("userId", "name");

-- AddForeignKey
ALTER TABLE "auth_api_token" ADD CONSTRAINT "auth_api_token_userId_fkey" FOREIGN KEY ("userId") REFERENCES "auth_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "auth_api_token" ADD CONSTRAINT "auth_api_token_project_fkey" FOREIGN KEY ("project") REFERENCES "project"("name") ON DELETE CASCADE ON UPDATE CASCADE;

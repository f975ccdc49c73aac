-- CreateTable
CREATE TABLE "auth_used_code" (
    "userId" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "auth_used_code_pkey" PRIMARY KEY ("userId","code")
);

-- AddForeignKey
ALTER TABLE "auth_used_code" ADD CONSTRAINT "auth_used_code_userId_fkey" FOREIGN KEY ("userId") REFERENCES "auth_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;


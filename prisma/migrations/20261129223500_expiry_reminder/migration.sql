-- CreateTable
CREATE TABLE "expiry_reminder" (
    "guestId" TEXT NOT NULL,
    "expires" DATE NOT NULL,
    "days" INTEGER NOT NULL,

    CONSTRAINT "expiry_reminder_pkey" PRIMARY KEY ("guestId","expires","days")
);

-- AddForeignKey
ALTER TABLE "expiry_reminder" ADD CONSTRAINT "expiry_reminder_guestId_fkey" FOREIGN KEY ("guestId") REFERENCES "guest"("id") ON DELETE CASCADE ON UPDATE CASCADE;


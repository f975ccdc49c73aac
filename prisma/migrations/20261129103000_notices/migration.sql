-- CreateTable
CREATE TABLE "notice" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "kind" TEXT NOT NULL,
    "guestId" TEXT,
    "guest" TEXT,
    "project" TEXT,
    "text" TEXT NOT NULL,

    CONSTRAINT "notice_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notice_channel" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "secret" TEXT,
    "username" TEXT,
    "sender" TEXT,
    "receivers" TEXT[],
    "kinds" TEXT[],
    "project" TEXT,
    "quietFrom" INTEGER,
    "quietTo" INTEGER,
    "timeZone" TEXT NOT NULL DEFAULT 'UTC',
    "isOn" BOOLEAN NOT NULL DEFAULT true,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdBy" TEXT NOT NULL,
    "sentAt" TIMESTAMP(3),
    "problem" TEXT,

    CONSTRAINT "notice_channel_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notice_delivery" (
    "channelId" TEXT NOT NULL,
    "noticeId" BIGINT NOT NULL,
    "dueAt" TIMESTAMP(3) NOT NULL,
    "tries" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "notice_delivery_pkey" PRIMARY KEY ("channelId","noticeId")
);

-- CreateTable
CREATE TABLE "notice_seen" (
    "userId" TEXT NOT NULL,
    "upTo" BIGINT NOT NULL,

    CONSTRAINT "notice_seen_pkey" PRIMARY KEY ("userId")
);

-- CreateIndex
CREATE INDEX "notice_at_idx" ON "notice"("at");

-- CreateIndex
CREATE UNIQUE INDEX "notice_channel_name_key" ON "notice_channel"("name");

-- CreateIndex
CREATE INDEX "notice_delivery_dueAt_idx" ON "notice_delivery"("dueAt");

-- AddForeignKey
ALTER TABLE "notice_channel" ADD CONSTRAINT "notice_channel_project_fkey" FOREIGN KEY ("project") REFERENCES "project"("name") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notice_delivery" ADD CONSTRAINT "notice_delivery_channelId_fkey" FOREIGN KEY ("channelId") REFERENCES "notice_channel"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notice_delivery" ADD CONSTRAINT "notice_delivery_noticeId_fkey" FOREIGN KEY ("noticeId") REFERENCES "notice"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notice_seen" ADD CONSTRAINT "notice_seen_userId_fkey" FOREIGN KEY ("userId") REFERENCES "auth_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;


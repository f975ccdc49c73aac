-- The board's colours by use are those by pressure.
UPDATE "saved_view" SET "layout" = 'board:pressure' WHERE "layout" = 'board:use';

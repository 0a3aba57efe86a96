CREATE TABLE `looks` (
	`key` blob PRIMARY KEY NOT NULL,
	`due_at` integer,
	`looked_at` integer
);
--> statement-breakpoint
CREATE INDEX `looks_due` ON `looks` (`due_at`);--> statement-breakpoint
CREATE INDEX `looks_looked` ON `looks` (`looked_at`);--> statement-breakpoint
ALTER TABLE `peers` DROP COLUMN `introductions`;
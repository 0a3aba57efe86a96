ALTER TABLE `peers` ADD `place` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `peers` ADD `network` text;--> statement-breakpoint
CREATE INDEX `peers_origin` ON `peers` (`origin`);--> statement-breakpoint
CREATE INDEX `peers_place` ON `peers` (`place`);--> statement-breakpoint
CREATE INDEX `peers_score` ON `peers` (`score`);
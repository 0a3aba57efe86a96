DROP INDEX `records_actor`;--> statement-breakpoint
DROP INDEX `records_key`;--> statement-breakpoint
CREATE INDEX `records_key` ON `records` (`key`,`state`,`seq`,`hash`);--> statement-breakpoint
CREATE INDEX `followers_state` ON `followers` (`state`);--> statement-breakpoint
CREATE INDEX `following_state` ON `following` (`state`);
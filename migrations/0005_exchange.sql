CREATE TABLE `confirmations` (
	`key` blob NOT NULL,
	`peer` integer NOT NULL,
	`signer` blob NOT NULL,
	`seq` integer NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`key`, `peer`)
);
--> statement-breakpoint
CREATE TABLE `contenders` (
	`actor` text PRIMARY KEY NOT NULL,
	`text` text NOT NULL,
	`hash` text NOT NULL,
	`signer` text NOT NULL,
	`since` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `peers` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`node` text NOT NULL,
	`origin` text NOT NULL,
	`domain` text NOT NULL,
	`source` text NOT NULL,
	`inbox` text,
	`signer` text,
	`score` real DEFAULT 0 NOT NULL,
	`scored_at` integer,
	`banned_until` integer,
	`epoch` text,
	`cursor` integer DEFAULT 0 NOT NULL,
	`confirmation_cursor` integer DEFAULT 0 NOT NULL,
	`visit_at` integer,
	`reconcile_at` integer,
	`visited_at` integer,
	`reconciled_at` integer,
	`failures` integer DEFAULT 0 NOT NULL,
	`day` integer DEFAULT 0 NOT NULL,
	`bytes` integer DEFAULT 0 NOT NULL,
	`introductions` integer DEFAULT 0 NOT NULL,
	`entries` integer DEFAULT 0 NOT NULL,
	`since` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `peers_node` ON `peers` (`node`);--> statement-breakpoint
CREATE INDEX `peers_visit` ON `peers` (`visit_at`);--> statement-breakpoint
CREATE INDEX `peers_domain` ON `peers` (`domain`);--> statement-breakpoint
CREATE TABLE `records` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`key` blob NOT NULL,
	`actor` text NOT NULL,
	`domain` text NOT NULL,
	`kind` text NOT NULL,
	`state` text NOT NULL,
	`seq` integer NOT NULL,
	`hash` blob,
	`text` text NOT NULL,
	`keys` text NOT NULL,
	`recovery` text,
	`peer` integer,
	`heard_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`seen_at` integer,
	`check_at` integer,
	`checks` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `records_key` ON `records` (`key`);--> statement-breakpoint
CREATE UNIQUE INDEX `records_actor` ON `records` (`actor`);--> statement-breakpoint
CREATE INDEX `records_hash` ON `records` (`hash`);--> statement-breakpoint
CREATE INDEX `records_domain` ON `records` (`domain`);--> statement-breakpoint
CREATE INDEX `records_check` ON `records` (`check_at`);--> statement-breakpoint
CREATE INDEX `records_expiry` ON `records` (`expires_at`);--> statement-breakpoint
CREATE INDEX `records_state` ON `records` (`state`,`id`);--> statement-breakpoint
CREATE TABLE `tree` (
	`prefix` integer PRIMARY KEY NOT NULL,
	`hash` blob NOT NULL
);

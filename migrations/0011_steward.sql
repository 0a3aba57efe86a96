CREATE TABLE `invitations` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`token_hash` text NOT NULL,
	`kind` text NOT NULL,
	`role` text NOT NULL,
	`steward` integer,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`steward`) REFERENCES `stewards`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `invitations_token` ON `invitations` (`token_hash`);--> statement-breakpoint
CREATE TABLE `recovery_codes` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`steward` integer NOT NULL,
	`hash` text NOT NULL,
	FOREIGN KEY (`steward`) REFERENCES `stewards`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `recovery_codes_once` ON `recovery_codes` (`steward`,`hash`);--> statement-breakpoint
CREATE TABLE `steward_sessions` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`token_hash` text NOT NULL,
	`steward` integer NOT NULL,
	`user_agent` text NOT NULL,
	`created_at` integer NOT NULL,
	`seen_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`proven_at` integer NOT NULL,
	`waiting` integer NOT NULL,
	`flash` text,
	FOREIGN KEY (`steward`) REFERENCES `stewards`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `steward_sessions_token` ON `steward_sessions` (`token_hash`);--> statement-breakpoint
CREATE INDEX `steward_sessions_steward` ON `steward_sessions` (`steward`);--> statement-breakpoint
CREATE INDEX `steward_sessions_expiry` ON `steward_sessions` (`expires_at`);--> statement-breakpoint
CREATE TABLE `stewards` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`password_hash` text NOT NULL,
	`role` text NOT NULL,
	`totp_secret` text,
	`totp_since` integer,
	`totp_step` integer,
	`created_at` integer NOT NULL,
	`left_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `stewards_name` ON `stewards` (`name`);--> statement-breakpoint
ALTER TABLE `events` ADD `steward` integer;
CREATE TABLE `blocklist_rows` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`list` integer NOT NULL,
	`domain` text NOT NULL,
	`severity` text NOT NULL,
	`reject_media` integer NOT NULL,
	`reject_reports` integer NOT NULL,
	`comment` text NOT NULL,
	`obfuscate` integer NOT NULL,
	`state` text DEFAULT 'draft' NOT NULL,
	`before` text,
	FOREIGN KEY (`list`) REFERENCES `blocklists`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `blocklist_rows_list` ON `blocklist_rows` (`list`);--> statement-breakpoint
CREATE TABLE `blocklists` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`at` integer NOT NULL,
	`applied_at` integer,
	`undone_at` integer
);
--> statement-breakpoint
CREATE TABLE `cut_ties` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`target` text NOT NULL,
	`tie` text NOT NULL,
	`actor` text NOT NULL,
	`follow_id` text NOT NULL,
	`state` text NOT NULL,
	`since` integer NOT NULL,
	`known` text,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `cut_ties_target` ON `cut_ties` (`target`);--> statement-breakpoint
ALTER TABLE `actor_blocks` ADD `comment` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `blocks` ADD `comment` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `blocks` ADD `note` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `blocks` ADD `reject_media` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `blocks` ADD `reject_reports` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `blocks` ADD `obfuscate` integer DEFAULT false NOT NULL;
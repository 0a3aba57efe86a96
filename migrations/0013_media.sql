CREATE TABLE `attachments` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`post` integer,
	`position` integer DEFAULT 0 NOT NULL,
	`use` text DEFAULT 'post' NOT NULL,
	`kind` text NOT NULL,
	`type` text,
	`url` text,
	`file` text,
	`preview` text,
	`alt` text NOT NULL,
	`width` integer,
	`height` integer,
	`blurhash` text,
	`focus` text,
	`at` integer NOT NULL,
	FOREIGN KEY (`post`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `attachments_post` ON `attachments` (`post`,`position`);--> statement-breakpoint
CREATE UNIQUE INDEX `attachments_file` ON `attachments` (`file`);--> statement-breakpoint
CREATE UNIQUE INDEX `attachments_preview` ON `attachments` (`preview`);--> statement-breakpoint
CREATE INDEX `attachments_unused` ON `attachments` (`at`) WHERE "attachments"."post" is null;--> statement-breakpoint
CREATE TABLE `post_edits` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`post` integer NOT NULL,
	`name` text,
	`summary` text,
	`sensitive` integer NOT NULL,
	`content` text NOT NULL,
	`options` text,
	`attachments` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`post`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `post_edits_post` ON `post_edits` (`post`,`id`);
CREATE TABLE `actor_blocks` (
	`actor` text PRIMARY KEY NOT NULL,
	`iri` text,
	`since` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `mentions` (
	`post` integer NOT NULL,
	`actor` text NOT NULL,
	PRIMARY KEY(`post`, `actor`),
	FOREIGN KEY (`post`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `mentions_actor` ON `mentions` (`actor`,`post`);--> statement-breakpoint
CREATE TABLE `quotes` (
	`stamp` text PRIMARY KEY NOT NULL,
	`post` integer NOT NULL,
	`actor` text NOT NULL,
	`quoting` text NOT NULL,
	`at` integer NOT NULL,
	`revoked_at` integer,
	FOREIGN KEY (`post`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `quotes_once` ON `quotes` (`post`,`quoting`);--> statement-breakpoint
CREATE TABLE `relays` (
	`inbox` text PRIMARY KEY NOT NULL,
	`actor` text,
	`follow_id` text NOT NULL,
	`state` text NOT NULL,
	`since` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `reports` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`iri` text NOT NULL,
	`reporter` text NOT NULL,
	`target` text NOT NULL,
	`posts` text NOT NULL,
	`comment` text NOT NULL,
	`at` integer NOT NULL,
	`closed_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `reports_iri` ON `reports` (`iri`);--> statement-breakpoint
CREATE INDEX `reports_reporter` ON `reports` (`reporter`,`at`);--> statement-breakpoint
CREATE TABLE `votes` (
	`post` integer NOT NULL,
	`actor` text NOT NULL,
	`option` integer NOT NULL,
	PRIMARY KEY(`post`, `actor`, `option`),
	FOREIGN KEY (`post`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
ALTER TABLE `actors` ADD `featured` text;--> statement-breakpoint
ALTER TABLE `errands` ADD `depth` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `posts` ADD `visibility` text DEFAULT 'public' NOT NULL;--> statement-breakpoint
ALTER TABLE `posts` ADD `sensitive` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `posts` ADD `language` text;--> statement-breakpoint
ALTER TABLE `posts` ADD `details` text;--> statement-breakpoint
ALTER TABLE `posts` ADD `pinned_at` integer;--> statement-breakpoint
CREATE INDEX `posts_reply` ON `posts` (`in_reply_to`);
CREATE TABLE `conversation_reads` (
	`root` integer PRIMARY KEY NOT NULL,
	`read` integer NOT NULL,
	`away` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`root`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `featured_tags` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`shown` text NOT NULL,
	`since` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `featured_tags_name` ON `featured_tags` (`name`);--> statement-breakpoint
CREATE TABLE `filter_posts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`filter` integer NOT NULL,
	`post` integer NOT NULL,
	FOREIGN KEY (`filter`) REFERENCES `filters`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`post`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `filter_posts_once` ON `filter_posts` (`filter`,`post`);--> statement-breakpoint
CREATE TABLE `filter_words` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`filter` integer NOT NULL,
	`words` text NOT NULL,
	`whole` integer NOT NULL,
	FOREIGN KEY (`filter`) REFERENCES `filters`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `filter_words_filter` ON `filter_words` (`filter`);--> statement-breakpoint
CREATE TABLE `filters` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`title` text NOT NULL,
	`places` text DEFAULT '["home","notifications","public","thread","account"]' NOT NULL,
	`action` text NOT NULL,
	`expires_at` integer
);
--> statement-breakpoint
CREATE TABLE `list_members` (
	`list` integer NOT NULL,
	`actor` text NOT NULL,
	PRIMARY KEY(`list`, `actor`),
	FOREIGN KEY (`list`) REFERENCES `reading_lists`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `list_members_actor` ON `list_members` (`actor`);--> statement-breakpoint
CREATE TABLE `notices` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`kind` text NOT NULL,
	`actor` text NOT NULL,
	`post` integer,
	`at` integer NOT NULL,
	FOREIGN KEY (`post`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `notices_post` ON `notices` (`post`,`kind`);--> statement-breakpoint
CREATE INDEX `notices_actor` ON `notices` (`actor`,`kind`);--> statement-breakpoint
CREATE INDEX `notices_kind` ON `notices` (`kind`,`id`);--> statement-breakpoint
CREATE TABLE `push_subscriptions` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`token` integer NOT NULL,
	`endpoint` text NOT NULL,
	`p256dh` text NOT NULL,
	`auth` text NOT NULL,
	`alerts` text NOT NULL,
	`policy` text NOT NULL,
	`standard` integer NOT NULL,
	`sent` integer NOT NULL,
	`failures` integer DEFAULT 0 NOT NULL,
	`due_at` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`token`) REFERENCES `tokens`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `push_subscriptions_token` ON `push_subscriptions` (`token`);--> statement-breakpoint
CREATE TABLE `reading_lists` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`title` text NOT NULL,
	`replies` text NOT NULL,
	`exclusive` integer DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE `scheduled_posts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`draft` text NOT NULL,
	`due_at` integer NOT NULL,
	`steward` integer,
	`fault` text
);
--> statement-breakpoint
CREATE INDEX `scheduled_posts_due` ON `scheduled_posts` (`due_at`);--> statement-breakpoint
CREATE TABLE `tag_follows` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`shown` text NOT NULL,
	`since` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tag_follows_name` ON `tag_follows` (`name`);
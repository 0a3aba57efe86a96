CREATE TABLE `activities` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`iri` text NOT NULL,
	`actor` text NOT NULL,
	`type` text NOT NULL,
	`public` integer NOT NULL,
	`body` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `activities_iri` ON `activities` (`iri`);--> statement-breakpoint
CREATE INDEX `activities_outbox` ON `activities` (`actor`,`public`,`id`);--> statement-breakpoint
CREATE TABLE `actor_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`actor` text NOT NULL,
	`algorithm` text NOT NULL,
	`public_key` text NOT NULL,
	`fetched_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `actor_keys_actor` ON `actor_keys` (`actor`);--> statement-breakpoint
CREATE TABLE `actors` (
	`id` text PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`handle` text NOT NULL,
	`host` text NOT NULL,
	`name` text NOT NULL,
	`summary` text NOT NULL,
	`url` text NOT NULL,
	`inbox` text NOT NULL,
	`shared_inbox` text,
	`outbox` text,
	`followers` text,
	`icon` text,
	`charter` text,
	`fetched_at` integer NOT NULL,
	`gone_at` integer
);
--> statement-breakpoint
CREATE INDEX `actors_host` ON `actors` (`host`);--> statement-breakpoint
CREATE TABLE `blocks` (
	`domain` text PRIMARY KEY NOT NULL,
	`severity` text NOT NULL,
	`since` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `charters` (
	`edition` integer PRIMARY KEY NOT NULL,
	`document` text NOT NULL,
	`published_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `communities` (
	`id` integer PRIMARY KEY NOT NULL,
	`handle` text NOT NULL,
	`founded_at` integer NOT NULL,
	`approves_followers` integer DEFAULT false NOT NULL,
	`theme_in_name` integer DEFAULT true NOT NULL,
	`listed` integer DEFAULT true NOT NULL
);
--> statement-breakpoint
CREATE TABLE `cursors` (
	`name` text PRIMARY KEY NOT NULL,
	`event_id` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `deliveries` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`activity` integer NOT NULL,
	`inbox` text NOT NULL,
	`host` text NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`queued_at` integer NOT NULL,
	`due_at` integer NOT NULL,
	`last_error` text,
	FOREIGN KEY (`activity`) REFERENCES `activities`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `deliveries_host` ON `deliveries` (`host`,`id`);--> statement-breakpoint
CREATE INDEX `deliveries_inbox` ON `deliveries` (`inbox`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `deliveries_once` ON `deliveries` (`activity`,`inbox`);--> statement-breakpoint
CREATE TABLE `entries` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`actor` text NOT NULL,
	`host` text NOT NULL,
	`handle` text NOT NULL,
	`url` text NOT NULL,
	`name` text NOT NULL,
	`summary` text NOT NULL,
	`status` text NOT NULL,
	`open_to_members` text NOT NULL,
	`open_to_visitors` text NOT NULL,
	`country` text,
	`latitude` real,
	`longitude` real,
	`edition` integer NOT NULL,
	`source` text NOT NULL,
	`published_at` integer NOT NULL,
	`verified_at` integer NOT NULL,
	`charter` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `entries_verified` ON `entries` (`verified_at`);--> statement-breakpoint
CREATE UNIQUE INDEX `entries_actor` ON `entries` (`actor`);--> statement-breakpoint
CREATE UNIQUE INDEX `entries_address` ON `entries` (`host`,`handle`);--> statement-breakpoint
CREATE TABLE `entry_facets` (
	`entry` integer NOT NULL,
	`field` text NOT NULL,
	`value` text NOT NULL,
	PRIMARY KEY(`field`, `value`, `entry`),
	FOREIGN KEY (`entry`) REFERENCES `entries`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `entry_facets_entry` ON `entry_facets` (`entry`);--> statement-breakpoint
CREATE TABLE `errands` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`actor` text NOT NULL,
	`object` text NOT NULL,
	`kind` text DEFAULT 'object' NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`due_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `errands_due` ON `errands` (`due_at`);--> statement-breakpoint
CREATE UNIQUE INDEX `errands_once` ON `errands` (`actor`,`object`);--> statement-breakpoint
CREATE TABLE `events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`kind` text NOT NULL,
	`subject` text NOT NULL,
	`data` text,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `events_subject` ON `events` (`subject`,`kind`);--> statement-breakpoint
CREATE TABLE `followers` (
	`actor` text PRIMARY KEY NOT NULL,
	`follow_id` text NOT NULL,
	`state` text NOT NULL,
	`since` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `following` (
	`actor` text PRIMARY KEY NOT NULL,
	`follow_id` text NOT NULL,
	`state` text NOT NULL,
	`since` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `hosts` (
	`host` text PRIMARY KEY NOT NULL,
	`failures` integer DEFAULT 0 NOT NULL,
	`failing_since` integer,
	`next_due_at` integer,
	`leased_until` integer,
	`signature` text
);
--> statement-breakpoint
CREATE INDEX `hosts_due` ON `hosts` (`next_due_at`);--> statement-breakpoint
CREATE TABLE `keys` (
	`id` text PRIMARY KEY NOT NULL,
	`actor` text NOT NULL,
	`algorithm` text NOT NULL,
	`public_key` text NOT NULL,
	`private_key` text NOT NULL,
	`created_at` integer NOT NULL,
	`retired_at` integer
);
--> statement-breakpoint
CREATE INDEX `keys_actor` ON `keys` (`actor`);--> statement-breakpoint
CREATE TABLE `posts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`iri` text NOT NULL,
	`author` text NOT NULL,
	`local` integer NOT NULL,
	`type` text NOT NULL,
	`name` text,
	`summary` text,
	`source` text,
	`content` text NOT NULL,
	`url` text NOT NULL,
	`in_reply_to` text,
	`published_at` integer NOT NULL,
	`updated_at` integer,
	`deleted_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `posts_iri` ON `posts` (`iri`);--> statement-breakpoint
CREATE INDEX `posts_author` ON `posts` (`author`,`published_at`);--> statement-breakpoint
CREATE TABLE `reactions` (
	`post` integer NOT NULL,
	`actor` text NOT NULL,
	`kind` text NOT NULL,
	`iri` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`post`, `actor`, `kind`),
	FOREIGN KEY (`post`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `reactions_actor` ON `reactions` (`actor`,`iri`);--> statement-breakpoint
CREATE TABLE `received` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`iri` text NOT NULL,
	`actor` text NOT NULL,
	`type` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `received_once` ON `received` (`actor`,`iri`);--> statement-breakpoint
CREATE TABLE `settings` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);

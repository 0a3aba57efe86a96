CREATE TABLE `account_notes` (
	`actor` text PRIMARY KEY NOT NULL,
	`text` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `accounts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`actor` text NOT NULL,
	`since` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_actor` ON `accounts` (`actor`);--> statement-breakpoint
CREATE TABLE `apps` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`client_id` text NOT NULL,
	`secret_hash` text NOT NULL,
	`name` text NOT NULL,
	`website` text,
	`redirect_uris` text NOT NULL,
	`scopes` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `apps_client` ON `apps` (`client_id`);--> statement-breakpoint
CREATE TABLE `bookmarks` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`post` integer NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`post`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `bookmarks_post` ON `bookmarks` (`post`);--> statement-breakpoint
CREATE TABLE `follow_options` (
	`actor` text PRIMARY KEY NOT NULL,
	`boosts` integer NOT NULL,
	`notify` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`hash` text PRIMARY KEY NOT NULL,
	`post` integer NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`post`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_at` ON `idempotency_keys` (`at`);--> statement-breakpoint
CREATE TABLE `markers` (
	`steward` integer NOT NULL,
	`timeline` text NOT NULL,
	`last_read` text NOT NULL,
	`version` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`steward`, `timeline`),
	FOREIGN KEY (`steward`) REFERENCES `stewards`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `mutes` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`actor` text NOT NULL,
	`notifications` integer NOT NULL,
	`since` integer NOT NULL,
	`until` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `mutes_actor` ON `mutes` (`actor`);--> statement-breakpoint
CREATE TABLE `oauth_codes` (
	`hash` text PRIMARY KEY NOT NULL,
	`app` integer NOT NULL,
	`steward` integer NOT NULL,
	`redirect_uri` text NOT NULL,
	`scopes` text NOT NULL,
	`challenge` text,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	FOREIGN KEY (`app`) REFERENCES `apps`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`steward`) REFERENCES `stewards`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `oauth_codes_expiry` ON `oauth_codes` (`expires_at`);--> statement-breakpoint
CREATE TABLE `post_tags` (
	`post` integer NOT NULL,
	`name` text NOT NULL,
	`shown` text NOT NULL,
	PRIMARY KEY(`post`, `name`),
	FOREIGN KEY (`post`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `post_tags_name` ON `post_tags` (`name`,`post`);--> statement-breakpoint
CREATE TABLE `timeline_items` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`post` integer NOT NULL,
	`actor` text NOT NULL,
	`boost` integer NOT NULL,
	`home` integer NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`post`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `timeline_items_once` ON `timeline_items` (`post`,`actor`,`boost`);--> statement-breakpoint
CREATE INDEX `timeline_items_home` ON `timeline_items` (`id`) WHERE home = 1;--> statement-breakpoint
CREATE INDEX `timeline_items_actor` ON `timeline_items` (`actor`,`id`);--> statement-breakpoint
CREATE TABLE `tokens` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`hash` text NOT NULL,
	`app` integer NOT NULL,
	`steward` integer,
	`scopes` text NOT NULL,
	`code` text,
	`created_at` integer NOT NULL,
	`used_at` integer,
	FOREIGN KEY (`app`) REFERENCES `apps`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`steward`) REFERENCES `stewards`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tokens_hash` ON `tokens` (`hash`);--> statement-breakpoint
CREATE INDEX `tokens_app` ON `tokens` (`app`);--> statement-breakpoint
CREATE INDEX `tokens_steward` ON `tokens` (`steward`);--> statement-breakpoint
CREATE INDEX `tokens_code` ON `tokens` (`code`);--> statement-breakpoint
-- What is here already, in the order in which it was said.
INSERT INTO `timeline_items` (`post`, `actor`, `boost`, `home`, `at`)
SELECT `post`, `actor`, `boost`, `home`, `at` FROM (
  SELECT p.`id` AS `post`, p.`author` AS `actor`, 0 AS `boost`, p.`published_at` AS `at`,
    (p.`local` OR (p.`in_reply_to` IS NULL AND EXISTS (SELECT 1 FROM `following` f WHERE f.`actor` = p.`author` AND f.`state` = 'accepted'))) AS `home`
  FROM `posts` p WHERE p.`deleted_at` IS NULL
  UNION ALL
  SELECT r.`post`, r.`actor`, 1, r.`at`, 1 FROM `reactions` r JOIN `posts` p ON p.`id` = r.`post` AND p.`deleted_at` IS NULL
  WHERE r.`kind` = 'boost' AND (EXISTS (SELECT 1 FROM `following` f WHERE f.`actor` = r.`actor` AND f.`state` = 'accepted')
    OR EXISTS (SELECT 1 FROM `keys` k WHERE k.`actor` = r.`actor`))
) ORDER BY `at`, `post`, `boost`;

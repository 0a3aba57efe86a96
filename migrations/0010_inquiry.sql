CREATE TABLE `inquiries` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`token_hash` text,
	`actor` text,
	`state` text NOT NULL,
	`held` integer NOT NULL,
	`wish` text NOT NULL,
	`name` text,
	`contact` text,
	`language` text,
	`at` integer NOT NULL,
	`changed_at` integer NOT NULL,
	`settled_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `inquiries_token` ON `inquiries` (`token_hash`);--> statement-breakpoint
CREATE INDEX `inquiries_actor` ON `inquiries` (`actor`);--> statement-breakpoint
CREATE TABLE `inquiry_messages` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`inquiry` integer NOT NULL,
	`voice` text NOT NULL,
	`text` text NOT NULL,
	`post` integer,
	`at` integer NOT NULL,
	FOREIGN KEY (`inquiry`) REFERENCES `inquiries`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`post`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `inquiry_messages_inquiry` ON `inquiry_messages` (`inquiry`);--> statement-breakpoint
CREATE INDEX `inquiry_messages_post` ON `inquiry_messages` (`post`);--> statement-breakpoint
CREATE TABLE `pledges` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`token_hash` text NOT NULL,
	`name` text,
	`contact` text,
	`language` text,
	`held` integer NOT NULL,
	`at` integer NOT NULL,
	`due_at` integer,
	`attempts` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `pledges_token` ON `pledges` (`token_hash`);--> statement-breakpoint
CREATE INDEX `pledges_due` ON `pledges` (`due_at`);--> statement-breakpoint
CREATE TABLE `spent_tickets` (
	`hash` text PRIMARY KEY NOT NULL,
	`until` integer NOT NULL
);

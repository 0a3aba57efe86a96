CREATE TABLE `drafts` (
	`steward` integer PRIMARY KEY NOT NULL,
	`base` integer NOT NULL,
	`version` integer NOT NULL,
	`raw` text NOT NULL,
	`before` text,
	`changed_at` integer NOT NULL
);

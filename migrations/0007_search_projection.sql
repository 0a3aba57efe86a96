CREATE TABLE `facet_values` (
	`id` integer PRIMARY KEY NOT NULL,
	`field` text NOT NULL,
	`value` text NOT NULL,
	`shown` integer DEFAULT 0 NOT NULL,
	`heard` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `facet_values_value` ON `facet_values` (`field`,`value`);--> statement-breakpoint
-- Made anew from the entries when the server starts: see rebuildSearch.
DROP TABLE `entry_facets`;--> statement-breakpoint
CREATE TABLE `entry_facets` (
	`entry` integer PRIMARY KEY NOT NULL,
	`values` text NOT NULL,
	`latitude` real,
	`longitude` real,
	FOREIGN KEY (`entry`) REFERENCES `entries`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `__new_entries` (
	`id` integer PRIMARY KEY NOT NULL,
	`actor` text NOT NULL,
	`host` text NOT NULL,
	`handle` text NOT NULL,
	`url` text NOT NULL,
	`name` text NOT NULL,
	`sort_name` text NOT NULL,
	`state` text NOT NULL,
	`edition` integer NOT NULL,
	`source` text NOT NULL,
	`published_at` integer NOT NULL,
	`verified_at` integer NOT NULL,
	`expires_at` integer,
	`record` integer NOT NULL,
	`words` integer NOT NULL,
	`charter` text
);
--> statement-breakpoint
INSERT INTO `__new_entries`("id", "actor", "host", "handle", "url", "name", "sort_name", "state", "edition", "source", "published_at", "verified_at", "expires_at", "record", "words", "charter") SELECT "id", "actor", "host", "handle", "url", "name", lower("name"), 'confirmed', "edition", "source", "published_at", "verified_at", NULL, 0, 0, "charter" FROM `entries`;--> statement-breakpoint
DROP TABLE `entries`;--> statement-breakpoint
ALTER TABLE `__new_entries` RENAME TO `entries`;--> statement-breakpoint
CREATE INDEX `entries_verified` ON `entries` (`verified_at`);--> statement-breakpoint
CREATE INDEX `entries_published` ON `entries` (`published_at`);--> statement-breakpoint
CREATE INDEX `entries_name` ON `entries` (`sort_name`);--> statement-breakpoint
CREATE UNIQUE INDEX `entries_actor` ON `entries` (`actor`);--> statement-breakpoint
CREATE UNIQUE INDEX `entries_address` ON `entries` (`host`,`handle`);--> statement-breakpoint
-- All by which an entry is found: words, and tokens for its values and for the cells of the map it lies in. Contentless; rowid is entries.id.
-- The words are cut and folded before (domain/search-token.ts), so that the tokenizer has nothing to do but part them at the spaces.
DROP TABLE `entries_text`;--> statement-breakpoint
CREATE VIRTUAL TABLE `entries_text` USING fts5(`words`, `name`, `rest`, content='', contentless_delete=1, tokenize="ascii tokenchars '=_'");
--> statement-breakpoint
DELETE FROM `entries_place`;--> statement-breakpoint
-- Every word met, and how many entries have it.
CREATE TABLE `search_terms` (`term` text PRIMARY KEY NOT NULL, `entries` integer NOT NULL) WITHOUT ROWID;--> statement-breakpoint
CREATE INDEX `search_frequent` ON `search_terms` (`term`) WHERE `entries` >= 100;--> statement-breakpoint
-- Each word with one letter left out: what two spellings of a word have in common.
CREATE TABLE `search_typos` (`variant` text NOT NULL, `term` text NOT NULL, PRIMARY KEY (`variant`, `term`)) WITHOUT ROWID;--> statement-breakpoint
-- How many entries are of one worth, and the last number given there.
CREATE TABLE `search_bands` (`band` integer PRIMARY KEY NOT NULL, `entries` integer NOT NULL, `last` integer NOT NULL);

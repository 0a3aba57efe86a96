-- Words of an entry. Contentless: the text itself stands in `entries`; rowid is entries.id.
CREATE VIRTUAL TABLE `entries_text` USING fts5(`name`, `summary`, `text`, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2");
--> statement-breakpoint
-- Where an entry is, as a box; id is entries.id. A place without coordinates has no row.
CREATE VIRTUAL TABLE `entries_place` USING rtree(`id`, `south`, `north`, `west`, `east`);

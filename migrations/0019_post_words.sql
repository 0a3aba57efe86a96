-- The words of posts. Contentless: the text itself stands in `posts`; rowid is posts.id. They are cut and folded before, as those of entries
-- are (domain/search-token.ts). Filled by a job, also with what is here already.
CREATE VIRTUAL TABLE `post_words` USING fts5(`words`, content='', contentless_delete=1, detail=none, tokenize="ascii");
--> statement-breakpoint
-- Posts whose words have changed since they were taken in.
CREATE TABLE `post_words_due` (`post` integer PRIMARY KEY NOT NULL);

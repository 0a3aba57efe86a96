DROP INDEX `posts_reply`;--> statement-breakpoint
CREATE INDEX `posts_reply` ON `posts` (`in_reply_to`) WHERE "posts"."in_reply_to" is not null;
CREATE TABLE `thread_mutes` (
	`root` integer PRIMARY KEY NOT NULL,
	`since` integer NOT NULL,
	FOREIGN KEY (`root`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);

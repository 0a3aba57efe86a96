ALTER TABLE `entries` ADD `place` text;--> statement-breakpoint
UPDATE `entries` SET `place` = coalesce(`charter` -> '$.place', (SELECT `text` -> '$.charter.place' FROM `records` WHERE `records`.`id` = `entries`.`record`));

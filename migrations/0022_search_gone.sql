-- Entries that left, in the order in which they did: who keeps the directory in memory reads here what to forget. 'entry' is -1 where ids are given anew.
CREATE TABLE `search_gone` (`seq` integer PRIMARY KEY NOT NULL, `entry` integer NOT NULL);

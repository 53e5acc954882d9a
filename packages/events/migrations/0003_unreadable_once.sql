-- A record that comes again, as after a failure of its batch, is kept once. Null: kept before this was so.
alter table inbox_unreadable add content_sha256 bytea check (length(content_sha256) = 32);
create unique index inbox_unreadable_once on inbox_unreadable (tenant, "group", content_sha256);

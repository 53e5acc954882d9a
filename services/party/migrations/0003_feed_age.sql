-- Rows come in the order of time and go by age: block ranges are enough, and cost an insert nothing.
create index feed_event_age on feed_event using brin (tenant, time) with (autosummarize = on);

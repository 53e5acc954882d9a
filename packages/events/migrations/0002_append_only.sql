-- The audit trail: `migrate` grants the app's role no update and no delete.
comment on table outbox is 'append only';

-- By which transaction an event came. What transactions that have ended left unpublished is known, so a
-- relay need not look again at where their rows were.
alter table outbox_pending add column xid xid8 not null default pg_current_xact_id();
create index outbox_pending_xid on outbox_pending (tenant, xid);

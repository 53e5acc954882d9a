-- The answers of acts that succeeded, kept so that the same act again gets the same bytes (api.md 1.3).
create table idempotency (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  caller text not null,
  method text not null,
  request_id uuid not null,
  fingerprint text not null,
  answer bytea not null,
  created_at timestamptz not null,
  primary key (tenant, caller, method, request_id)
);

-- Rows come in the order of time and go by age: block ranges are enough, and cost an insert nothing.
create index idempotency_age on idempotency using brin (tenant, created_at) with (autosummarize = on);

alter table idempotency enable row level security;
alter table idempotency force row level security;
create policy tenant_wall on idempotency
  using (tenant = current_setting('app.tenant'))
  with check (tenant = current_setting('app.tenant'));

-- Opens the transaction of one act: tenant, lock on the key, and what is stored under it, in one round trip.
-- It is volatile, so that the look happens with a snapshot taken after the lock: an answer committed
-- while the lock was asked for is seen. Not got: another call with this key is running.
create function begin_act(
  act_tenant text, act_caller text, act_method text, act_request_id uuid,
  out locked boolean, out stored_fingerprint text, out stored_answer bytea
) language plpgsql volatile as $$
begin
  perform set_config('app.tenant', act_tenant, true);
  locked := pg_try_advisory_xact_lock(hashtextextended(
    concat_ws(E'\x1f', 'act', act_tenant, act_caller, act_method, act_request_id::text), 0));
  if locked then
    select fingerprint, answer into stored_fingerprint, stored_answer
      from idempotency
     where tenant = act_tenant and caller = act_caller and method = act_method
       and request_id = act_request_id;
  end if;
end
$$;

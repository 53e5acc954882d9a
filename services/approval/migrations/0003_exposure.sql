-- Live approved offers, once under every key of the firm and of those who control it.
create table exposure (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  lender text not null,
  key text not null,
  application_uid uuid not null,
  is_obligor boolean not null, -- The key is the borrower's own.
  amount_fen bigint not null check (amount_fen > 0),
  primary key (tenant, lender, key, application_uid)
);
create index exposure_of_application on exposure (tenant, application_uid);

-- What a lender approved of a product in a calendar month. The one row is reserved on, never recounted.
create table programme_use (
  tenant text not null default current_setting('app.tenant') check (tenant <> ''),
  lender text not null,
  product text not null,
  month text not null,
  approved_fen bigint not null,
  primary key (tenant, lender, product, month)
) with (fillfactor = 50);

alter table exposure enable row level security;
alter table exposure force row level security;
create policy tenant_wall on exposure
  using (tenant = current_setting('app.tenant')) with check (tenant = current_setting('app.tenant'));
alter table programme_use enable row level security;
alter table programme_use force row level security;
create policy tenant_wall on programme_use
  using (tenant = current_setting('app.tenant')) with check (tenant = current_setting('app.tenant'));

-- All that a decision reads besides the application, in one round trip. First it waits for everybody
-- else who decides on one of the keys, in the order of the keys; being volatile, it then sums with a snapshot
-- taken after the wait. The application's own exposure is left out.
create function deciding_ground(
  of_lender text, of_application uuid, legal_person text, control_keys text[],
  of_product text, of_month text,
  out obligor_fen bigint, out connected_fen bigint, out programme_fen bigint,
  out policy_version text, out policy_hash text
) language plpgsql volatile as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(
      concat_ws(E'\x1f', 'exposure', current_setting('app.tenant'), of_lender, control_key), 0))
    from (select unnest(control_keys) as control_key order by 1) as control;
  select coalesce(sum(amount_fen), 0) into obligor_fen from exposure
   where lender = of_lender and key = legal_person and is_obligor
     and application_uid <> of_application;
  select coalesce(sum(amount_fen), 0) into connected_fen from (
    select distinct application_uid, amount_fen from exposure
     where lender = of_lender and key = any (control_keys)
       and application_uid <> of_application) as each_once;
  select approved_fen into programme_fen from programme_use
   where lender = of_lender and product = of_product and month = of_month;
  programme_fen := coalesce(programme_fen, 0);
  select name, content_hash into policy_version, policy_hash from policy_version as active
   where state = 'ACTIVE';
end
$$;

-- For a batch: locks all applications, then all keys that decisions on them would lock, each in order,
-- so that two batches never wait for one another in a circle.
create function lock_to_decide(of_applications uuid[]) returns void language plpgsql volatile as $$
begin
  perform 1 from application where uid = any (of_applications) order by uid for update;
  perform pg_advisory_xact_lock(hashtextextended(
      concat_ws(E'\x1f', 'exposure', current_setting('app.tenant'), lender, control_key), 0))
    from (select distinct lender, control_key
            from application, unnest(controller_keys || legal_person_key) as control (control_key)
           where uid = any (of_applications) and state = 'SUBMITTED'
           order by lender, control_key) as control;
end
$$;

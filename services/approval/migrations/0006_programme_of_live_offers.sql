-- The programme counts the offers that were made in a month and have not ended. What ended offers had
-- taken is counted out once; from here on it is given back when an offer ends. The owner sees the rows of
-- every tenant while the walls are not forced on it.
alter table programme_use no force row level security;
alter table offer no force row level security;
alter table application no force row level security;

update programme_use as used set approved_fen = coalesce((
  select sum(o.principal_fen) from offer as o
    join application as a on a.tenant = o.tenant and a.uid = o.application_uid
   where o.tenant = used.tenant and a.lender = used.lender and a.product = used.product
     and o.state = 'OPEN'
     and to_char(o.created_at at time zone 'Asia/Shanghai', 'YYYY-MM') = used.month), 0);

alter table programme_use force row level security;
alter table offer force row level security;
alter table application force row level security;

alter table programme_use add constraint programme_use_not_negative check (approved_fen >= 0);

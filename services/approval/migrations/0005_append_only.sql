-- What was decided and on what: `migrate` grants the app's role no update and no delete.
comment on table decision is 'append only';

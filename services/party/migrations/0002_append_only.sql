-- Who was checked, by whom and on what: `migrate` grants the app's role no update and no delete.
comment on table verification is 'append only';

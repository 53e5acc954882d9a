declare const brand: unique symbol;

/** A string that only one kind of thing may carry. */
export type Brand<Name extends string> = string & { readonly [brand]: Name };

/** One operator's market: the outermost wall between data. */
export type Tenant = Brand<'Tenant'>;

/** A calendar day as `YYYY-MM-DD`. */
export type CalendarDate = Brand<'CalendarDate'>;

/** A UUID in lower case. */
export type Uid = Brand<'Uid'>;

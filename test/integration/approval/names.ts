/** A Friday, 09:00 in Shanghai. */
export const start = new Date('2020-02-21T01:00:00Z');
export const platformName = 'platforms/p';
export const lenderName = 'lenders/l';
export const productName = 'products/plain-credit';

export const yuan = (units: bigint) => ({ currencyCode: 'CNY', units, nanos: 0 });

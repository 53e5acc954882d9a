/**
 * Names of resources: `collection/id` pairs, stable and never reused. The client chooses the id of
 * what it creates: 1 to 63 of a-z, 0-9 and -, not beginning with -.
 */
const idPattern = '[a-z0-9][a-z0-9-]{0,62}';
const id = new RegExp(`^${idPattern}$`);

export const isResourceId = (text: string): boolean => id.test(text);

// A star stands for one id, as in platforms/*/sellers/*.
export function namePattern(shape: string): RegExp {
  return new RegExp(`^${shape.replaceAll('*', idPattern)}$`);
}

/** The name of what `name` lies under: two segments less. */
export function parentOf(name: string): string {
  return name.split('/').slice(0, -2).join('/');
}

export const idOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

/** True when `name` is `owner` or lies below it. */
export const liesUnder = (name: string, owner: string): boolean =>
  name === owner || name.startsWith(`${owner}/`);

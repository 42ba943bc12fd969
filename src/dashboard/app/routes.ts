/** The pages there are, by what stands in the address. */
export type Route =
  | { readonly page: 'states' }
  | { readonly page: 'pipeline' }
  | { readonly page: 'quarantine' }
  | { readonly page: 'record'; readonly id: string }
  | { readonly page: 'unknown' };

/** Which page a path is of: `/quarantine/4f2a` is the page of one record. */
export function routeOf(path: string): Route {
  const [first = '', second = '', ...more] = path.split('/').slice(1);
  if (more.length > 0) return { page: 'unknown' };
  if (first === 'quarantine' && second !== '') return { page: 'record', id: decoded(second) };
  if (second !== '') return { page: 'unknown' };
  if (first === '') return { page: 'states' };
  return first === 'pipeline' || first === 'quarantine' ? { page: first } : { page: 'unknown' };
}

/** The path of a quarantined record's page. */
export function recordPath(id: string): string {
  return `/quarantine/${encodeURIComponent(id)}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** A token that is asked for again before it ends. Tokens go by the machine's own clock. */
const keptMs = 5 * 60_000;

export function keptToken(issue: () => Promise<string>): () => Promise<string> {
  let token: Promise<string> | undefined;
  let issuedMs = 0;
  return () => {
    const now = performance.now();
    if (token === undefined || now - issuedMs > keptMs) {
      token = issue();
      issuedMs = now;
      token.catch(() => {
        token = undefined;
      });
    }
    return token;
  };
}

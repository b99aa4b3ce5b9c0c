const dotted = /^@request\.auth\.claims\.(.+)$/i;
const bracketed = /^@request\.auth\.claims\[(.+)\]$/i;

/**
 * Names from a token's payload down to the claim, of `@request.auth.claims.a.b` or `@request.auth.claims[a][b]`; nothing for other headers.
 * @see https://istio.io/latest/docs/tasks/security/authentication/jwt-route/
 */
export function claimPath(header: string): readonly string[] | undefined {
  return dotted.exec(header)?.[1]?.split('.') ?? bracketed.exec(header)?.[1]?.split('][');
}

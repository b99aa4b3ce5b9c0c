/** What keeps the number from being a status that a proxy may answer with. Istio compatibility: 600 is taken. */
export function httpStatusProblem(status: number): string | undefined {
  return status >= 200 && status <= 600 ? undefined : `HTTP status ${status} is not in range 200-599`;
}

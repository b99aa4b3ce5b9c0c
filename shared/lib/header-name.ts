/** Names of HTTP headers, in the several forms that Istio demands of them. */

const probeForm = /^[-A-Za-z0-9]+$/;

/** What keeps the text from being the name of a header of Kubernetes' HTTP probes. */
export function probeHeaderNameProblem(name: string): string | undefined {
  return nameProblem(name, probeForm);
}

function nameProblem(name: string, form: RegExp): string | undefined {
  if (name === '') return 'header name cannot be empty';
  return form.test(name) ? undefined : `header name ${name} is not a valid header name`;
}

import type { RequestListener } from 'node:http';
import { type InjectAppDependencies, injectApp } from '../../functions/inject/app.ts';
import { validateApp } from '../../functions/validate/app.ts';

/** Both webhooks on one port, as in istiod. Every path that is not for validation, also an unknown one, is answered by the injection app. */
export function webhookHandler(dependencies: InjectAppDependencies): RequestListener {
  const inject = injectApp(dependencies);
  const validate = validateApp(dependencies);
  return (request, response) => {
    if (validatePath.test(request.url ?? '')) validate(request, response);
    else inject(request, response);
  };
}

const validatePath = /^\/+validate(?:[/?]|$)/;

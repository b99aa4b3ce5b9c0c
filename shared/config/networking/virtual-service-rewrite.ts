import { at, error, type Findings } from '../../lib/finding.ts';
import { type InferMessage, message, string } from '../../lib/message.ts';
import { checkRegex } from './virtual-service-string-match.ts';

const networking = 'istio.networking.v1alpha3';

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRewrite */
export const httpRewrite = message(`${networking}.HTTPRewrite`, {
  uri: string,
  authority: string,
  uriRegexRewrite: message(`${networking}.RegexRewrite`, { match: string, rewrite: string }),
});
export type HttpRewrite = InferMessage<typeof httpRewrite>;

export function* checkRewrite({ uri, authority, uriRegexRewrite }: HttpRewrite): Findings {
  if (uri && uriRegexRewrite) {
    yield error('rewrite', '', 'rewrite may only contain one of URI or UriRegexRewrite');
    return;
  }
  if (!uri && !uriRegexRewrite && !authority) {
    const message =
      'rewrite must specify at least one of URI, UriRegexRewrite, or authority. Only one of URI or UriRegexRewrite may be specified';
    yield error('rewrite', '', message);
    return;
  }
  if (!uriRegexRewrite) return;
  const title = 'UriRegexRewrite has errors\n';
  for (const finding of at('uriRegexRewrite', checkUriRegexRewrite(uriRegexRewrite))) {
    yield { ...finding, message: title + finding.message };
  }
}

function* checkUriRegexRewrite({ match, rewrite }: NonNullable<HttpRewrite['uriRegexRewrite']>): Findings {
  if (match && rewrite) yield* checkRegex('match', match, 'HTTPRewrite.UriRegexRewrite.Match');
  else yield error('rewrite', '', 'UriRegexRewrite requires both Rewrite and Match fields to be specified');
}

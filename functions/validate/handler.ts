import { urlHandler } from '../../shared/lambda/handler.ts';
import { lambdaRuntime } from '../../shared/lambda/runtime.ts';
import { unneededHints } from '../../shared/sources/hint.ts';
import { validateApp } from './app.ts';
import { processEnvironment, readValidateSettings } from './config.ts';

const runtime = lambdaRuntime(readValidateSettings(processEnvironment()));

/** Lambda function URL (payload 2.0): the validating webhook. */
export const handler = urlHandler({ ...runtime, app: validateApp({ ...runtime, hints: unneededHints }) });

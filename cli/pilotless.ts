#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Without it each start strips the types of every file anew. A cache folder that cannot be written is no error.
enableCompileCache();

const { run } = await import('./run.ts');
process.exitCode = await run(process.argv.slice(2));

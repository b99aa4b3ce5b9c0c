import { bundle } from './bundle.ts';
const { metafile } = await bundle({ entry: 'functions/inject/handler.ts' });
const out = Object.values(metafile.outputs)[0]!;
for (const [k, v] of Object.entries(out.inputs).filter(([k])=>/yaml|serverless|fast-json|express|router/.test(k)).sort((a, b) => b[1].bytesInOutput - a[1].bytesInOutput).slice(0, 60)) console.log(v.bytesInOutput, k);

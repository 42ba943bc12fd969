import { createApp } from '../lib/app.ts';
import { bundleFunctions } from '../lib/bundles.ts';

await bundleFunctions();
createApp().synth();

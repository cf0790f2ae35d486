import { writeFileSync } from 'node:fs';
import { configurationReference } from './page.ts';

const file = new URL('../../docs/configuration.md', import.meta.url);
writeFileSync(file, await configurationReference());

import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import { icon } from './icon.ts';
import { script } from './script.ts';
import { stylesheet } from './stylesheet.ts';

const files = {
  'console.css': { type: 'text/css; charset=utf-8', content: stylesheet },
  'console.js': { type: 'text/javascript; charset=utf-8', content: script },
  'icon.svg': { type: 'image/svg+xml', content: icon },
};

type FileName = keyof typeof files;

/** The version in the address lets browsers keep a file for ever: another content has another address. */
const addressOf = (name: FileName) => {
  const version = createHash('sha256').update(files[name].content).digest('hex').slice(0, 10);
  return `/assets/${name}?v=${version}`;
};

export const assetPaths = {
  stylesheet: addressOf('console.css'),
  script: addressOf('console.js'),
  icon: addressOf('icon.svg'),
};

/** The console's own files, to be mounted at `/assets`. */
export function assetRoutes(): Hono {
  const assets = new Hono();
  for (const [name, { type, content }] of Object.entries(files))
    assets.get(`/${name}`, (c) =>
      c.body(content, 200, { 'content-type': type, 'cache-control': 'public, max-age=31536000, immutable' }),
    );
  return assets;
}

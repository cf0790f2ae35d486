import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import { assetRoutes } from '../console/assets.ts';
import { mailLinkRoutes } from '../console/mail-links.tsx';
import { plainPages } from '../console/plain-pages.ts';
import { consoleRoutes } from '../console/routes.tsx';
import { signInRoutes } from '../console/sign-in.tsx';
import { alertmanagerRoutes, oldAlertmanagerRoutes } from './alertmanager.ts';
import { ApiError, answerErrors } from './errors.ts';
import { refuseCrossOrigin, refuseMultipart, requireSignIn } from './guard.ts';
import type { Ports } from './ports.ts';
import { apiRoutes } from './routes.ts';
import { slackRoutes } from './slack.ts';

/** Largest body of a request, in bytes: the longest comment in UTF-8 and its JSON around it. */
const maxBodyBytes = 16_384;

/** API and console as one application. `/health`, clicks in Slack, links of mails, signing in and the console's own files need no token. */
export function createApp(ports: Ports): Hono {
  const app = new Hono();
  app.onError(answerErrors(ports.report));
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
      // With no-referrer, browsers send `Origin: null` with our own forms.
      referrerPolicy: 'same-origin',
    }),
  );
  app.use(plainPages);
  app.get('/health', (c) => c.json({ status: 'ok' }));
  app.route('/assets', assetRoutes());
  app.route('/', slackRoutes(ports));
  app.use(
    refuseCrossOrigin,
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: () => {
        throw new ApiError('too-large', `the body is larger than ${maxBodyBytes} bytes`);
      },
    }),
    refuseMultipart,
  );
  app.use(async (c, next) => {
    await next();
    c.header('cache-control', 'no-store');
  });
  app.route('/', signInRoutes(ports));
  app.route('/', mailLinkRoutes(ports));
  app.use(requireSignIn(ports));
  app.route('/api/v2', alertmanagerRoutes(ports));
  app.route('/api/v1', oldAlertmanagerRoutes(ports));
  app.route('/api', apiRoutes(ports));
  app.route('/', consoleRoutes(ports));
  return app;
}

import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod/mini';
import type { Config } from '../../config/config.ts';

/** The secret that links of mails are signed with: another one ends all links. */
export const mailKey = 'mail-key';

/** Where links of mails lead. */
export const mailPath = '/mail';

/** Milliseconds for which a link is good. */
export const linkMs = 86_400_000;

/** Whether mails of a config have links by which whoever reads them can act: those that a function of ours sends. */
export const sendsLinks = ({ channels }: Pick<Config, 'channels'>): boolean =>
  channels.some(({ kind }) => kind === 'email');

const linkSchema = z.object({
  incident: z.string(),
  action: z.enum(['acknowledge', 'resolve']),
  /** How often the incident had been opened again: the link is for that period of it alone. */
  reopened: z.number(),
  /** Who got the mail. */
  to: z.string(),
  /** Epoch milliseconds. */
  until: z.number(),
});

/** What a link asks for, of whom. */
export type MailLink = z.infer<typeof linkSchema>;

/** A link's token: nothing of it is stored. */
export function mailToken(key: string, link: MailLink): string {
  const content = Buffer.from(JSON.stringify(link)).toString('base64url');
  return `${content}.${signatureOf(key, content)}`;
}

/** What a token asks for; undefined where it was not made with this key. Whether it is still good is for the reader to say. */
export function readMailToken(key: string, token: string): MailLink | undefined {
  const [content = '', signature = ''] = token.split('.');
  const given = Buffer.from(signature);
  const expected = Buffer.from(signatureOf(key, content));
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return linkSchema.safeParse(JSON.parse(Buffer.from(content, 'base64url').toString())).data;
}

const signatureOf = (key: string, content: string) =>
  createHmac('sha256', key).update(`mail link ${content}`).digest('base64url');

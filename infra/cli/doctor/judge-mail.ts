import type { Config } from '../../../shared/config/config.ts';
import type { MailFacts } from './facts.ts';
import type { Finding } from './judge.ts';
import { addressOf, domainOf, sesChannels } from './mailboxes.ts';

/** Judges whether mail by SES will arrive. Pure. */
export function judgeMail(config: Config, mail: MailFacts): Finding[] {
  const channels = sesChannels(config);
  const senders = new Map(
    channels.map(({ settings }) => [addressOf(settings.from), settings.verified ?? false]),
  );
  const recipients = new Set(channels.flatMap(({ settings }) => settings.to.map(addressOf)));
  return [
    ...[...senders].map(([address, verified]) => judgeSender(address, verified, mail)),
    judgeAccount(mail),
    ...(mail.sandbox ? [...recipients].flatMap((address) => judgeRecipient(address, mail)) : []),
  ];
}

/** The sender's own identity counts where there is one, else that of its domain. */
function judgeSender(address: string, verified: boolean, { identities, own }: MailFacts): Finding {
  const check = `mail from ${address}`;
  const state = identities[address] ?? 'absent';
  const domain = domainOf(address);
  const domainVerified = identities[domain] === 'verified';
  if (verified) return judgeVerified(address, state, domainVerified);
  const write = `write verified: true beside from: '${address}' in the config`;
  if (state !== 'absent' && !own.includes(address))
    return {
      check,
      ok: false,
      text: 'SES knows this address already, so the stack cannot add it',
      next: write,
      blocks: true,
    };
  if (state === 'pending') return { check, ok: false, text: 'is not confirmed yet', next: openLink(address) };
  if (state === 'verified') return { check, ok: true, text: 'is verified' };
  if (domainVerified)
    return { check, ok: false, text: `${domain} is verified, so no link needs to be opened`, next: write };
  return { check, ok: true, text: 'the deployment asks SES to verify it: a link comes by mail' };
}

function judgeVerified(address: string, state: string, domainVerified: boolean): Finding {
  const check = `mail from ${address}`;
  if (state === 'verified' || (state === 'absent' && domainVerified))
    return { check, ok: true, text: 'is verified' };
  if (state === 'pending') return { check, ok: false, text: 'is not confirmed yet', next: openLink(address) };
  return {
    check,
    ok: false,
    text: 'SES knows neither the address nor its domain in this Region, though the config says verified: true',
    next: `aws sesv2 create-email-identity --email-identity ${address}   # or take verified: true out`,
  };
}

const openLink = (address: string) => `open the link in the mail that SES sent to ${address}`;

function judgeAccount({ sending, sandbox }: MailFacts): Finding {
  const check = 'mail by SES';
  if (!sending)
    return {
      check,
      ok: false,
      text: 'AWS has switched sending off for this account',
      next: 'aws sesv2 get-account   # says why',
    };
  return {
    check,
    ok: true,
    text: sandbox ? 'is in the sandbox: only verified addresses get mail' : 'may send to anybody',
  };
}

function judgeRecipient(address: string, { identities }: MailFacts): Finding[] {
  const check = `mail to ${address}`;
  const states = [identities[address], identities[domainOf(address)]];
  if (states.includes('verified')) return [{ check, ok: true, text: 'is verified' }];
  if (states[0] === 'pending')
    return [{ check, ok: false, text: 'is not confirmed yet', next: openLink(address) }];
  return [
    {
      check,
      ok: false,
      text: 'is not verified, and SES is in its sandbox here',
      next: `aws sesv2 create-email-identity --email-identity ${address}   # or leave out from: SNS then mails, without SES`,
    },
  ];
}

import { expect } from 'vitest';
import { type Block, type SlackMessage, slackLimits } from '../../shared/notifications/slack/message.ts';

/** Throws where Slack would refuse the message, or act on what is in a text. */
export function inspectSlack({ text, blocks = [], attachments = [] as never }: SlackMessage): void {
  const all = [...blocks, ...attachments.flatMap((attachment: { blocks: Block[] }) => attachment.blocks)];
  expect(text.length).toBeGreaterThan(0);
  expect(all.length).toBeLessThanOrEqual(slackLimits.blocks);
  let total = 0;
  for (const [piece, limit] of all.flatMap(piecesOf)) {
    const length = [...piece.text].length;
    total += length;
    expect(length).toBeGreaterThan(0);
    expect(length).toBeLessThanOrEqual(limit);
    expect(piece.text.isWellFormed()).toBe(true);
    if (piece.type === 'mrkdwn') expectHarmless(piece.text);
  }
  expect(total).toBeLessThanOrEqual(slackLimits.message);
  expectHarmless(text);
}

type Piece = [text: { type: string; text: string }, limit: number];

function piecesOf(block: Block): Piece[] {
  if (block.type === 'header') return [[block.text, slackLimits.header]];
  if (block.type === 'context') return block.elements.map((element): Piece => [element, slackLimits.section]);
  if (block.type === 'actions')
    return block.elements.map((button): Piece => [button.text, slackLimits.button]);
  if ('text' in block) return [[block.text, slackLimits.section]];
  expect(block.fields.length).toBeLessThanOrEqual(slackLimits.fields);
  return block.fields.map((field): Piece => [field, slackLimits.field]);
}

/** Of everything Slack acts on there is only what we wrote ourselves: the configured mention, a date, links we vetted. */
function expectHarmless(markup: string): void {
  const ours =
    /<!channel>|<!date\^\d+\^[^|<>]+\|[^<>|]+>|<https?:\/\/[^<>|]+\|(Runbook|Incidents?|Dashboard)>/g;
  const mentions = markup.match(/<!channel>/g) ?? [];
  const rest = markup.replaceAll(ours, '');
  expect(rest).not.toMatch(/[<>]/);
  expect(rest.replaceAll(/&(amp|lt|gt);/g, '')).not.toContain('&');
  expect(mentions.length).toBeLessThanOrEqual(1);
  const fences = markup.split('```').length - 1;
  expect([0, 2]).toContain(fences);
}

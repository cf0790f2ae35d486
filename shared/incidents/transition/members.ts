import type { Incident } from '../incident.ts';

/** Members that are listed: an incident is written anew with each change, and a group may be thousands. */
const maxListed = 50;

/** One more of a group fires. */
export function enlist(next: Incident, title: string): void {
  const { members = [] } = next;
  if (members.length < maxListed) next.members = [...members, title];
}

/** One of them is over. */
export function strike(next: Incident, title: string | undefined): void {
  const { members = [] } = next;
  const place = members.indexOf(title ?? '');
  if (place >= 0) next.members = members.toSpliced(place, 1);
  retitle(next);
}

/**
 * A group that is about several things is called by the first of those that fire, with how many others do; by their number where all
 * that were listed are over; and in the end by the first that fired, and the most there were.
 */
export function retitle(next: Incident): void {
  const { headline, members = [], firing, status } = next;
  if (!headline) return;
  const [first] = members;
  if (status === 'resolved') next.title = named(headline.title, headline.most);
  else if (first !== undefined) next.title = named(first, firing);
  else next.title = firing === 1 ? '1 alarm fires' : `${firing} alarms fire`;
}

const named = (first: string, count: number): string =>
  count > 1 ? `${first} and ${count - 1} more` : first;

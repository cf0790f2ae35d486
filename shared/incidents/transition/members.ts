import type { Incident } from '../incident.ts';

/** Members that are listed: more than that a message does not show. */
const maxListed = 20;

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
 * A group that is about several things is called by the first of those that fire, with how many others do; once it is over, by the
 * first that fired, and the most there were.
 */
export function retitle(next: Incident): void {
  const { headline, members = [], firing, status } = next;
  if (!headline) return;
  const isOver = status === 'resolved';
  const title = isOver ? headline.title : (members[0] ?? headline.title);
  const others = (isOver ? headline.most : firing) - 1;
  next.title = others > 0 ? `${title} and ${others} more` : title;
}

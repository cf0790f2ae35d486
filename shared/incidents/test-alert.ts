/** Begins the reason that a test alert is set with: CloudWatch passes it on, so the incident knows what it is. */
const mark = 'TOCSIN TEST by ';

/** Reason for the state of an alarm that somebody sets to see whether alerts arrive. */
export const testReason = (who: string) => `${mark}${who}`;

/** Whether an alarm fires because somebody tests. */
export const isTestReason = (reason: string): boolean => reason.startsWith(mark);

/** Begins the title of an incident that is a test. */
export const testTitle = 'TEST ';

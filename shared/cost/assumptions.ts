/**
 * What the estimate takes for granted where the config does not say. Each is on the generous side; those marked «account» only
 * a bill can settle, and docs/costs.md lists them.
 */

/** Hours of a month, as AWS counts them, and minutes. */
export const hoursPerMonth = 730;
export const minutesPerMonth = hoursPerMonth * 60;

/** Share of the hours in which a check of a monitor fails: at level lean its metric has data in those only. Some four hours. */
export const failingHours = 0.005;

/** Times a month that a monitor fails and recovers. */
export const incidentsPerMonitor = 1;

/** Megabytes of functions other than probes, and what makes a whole processor. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
export const memoryMb = 256;
export const memoryOfProcessorMb = 1_769;

/** Seconds of one processor for one HTTPS check: 0.9 ms on the machine of `npm run bench:checks`. (account) */
export const checkCpuSeconds = 0.00125;

/** Seconds a run waits for its targets, which are asked at the same time, and until its observations are sent. (account) */
export const waitSeconds = 0.3;

/** Seconds of a check by a browser with 2 GB: to start it, load a page, take some steps. A new function unpacks it first, rarely. (account) */
export const browserSeconds = 6;

/** Bytes that leave AWS for it: requests for a page and the hundred files that belong to it. */
export const bytesOutPerPage = 100_000;

/** Seconds of the other functions' runs. (account) */
export const recordSeconds = 0.06;
export const reconcileSeconds = 0.3;
export const foldSeconds = 0.08;
export const otherSeconds = 0.15;

/** Pings of a job in a month, start and end of each run: hourly jobs. And seconds of taking one. */
export const pingsPerHeartbeat = 2 * hoursPerMonth;
export const pingSeconds = 0.05;

/** Kilobytes of a ping with the output it sends along. */
export const pingKilobytes = 2;

/** Runs of track-incidents, of each notifier, events, queue requests and table writes that one incident takes, until it is over. */
export const perIncident = { tracked: 6, notified: 2, published: 3, queued: 12, written: 80 };

/** Requests to console and API. */
export const consoleRequests = 10_000;

/**
 * Lambda asks a queue that is empty all the time: five pollers, each waiting 20 s for a message. AWS may go down to two, but not
 * where a maximum concurrency is set. (account) https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export const pollers = 5;
export const pollsPerMinute = 60 / 20;

/** Messages one invocation takes at most. */
export const largestBatch = 10;

/** Bytes of Lambda's own lines in the log: START, END, REPORT. */
export const logBytesPerRun = 400;

/** Bytes that leave AWS for one HTTPS check: hello, request and acknowledgements, headers of TCP and IP included. */
export const bytesOutPerCheck = 1_100;

/** DynamoDB asks for its table's key once in five minutes for each function that uses it. (account) */
export const minutesPerKeyRequest = 5;

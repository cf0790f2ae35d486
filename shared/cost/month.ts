import { unitMs } from '../duration.ts';
import * as assumed from './assumptions.ts';

/** What a month of something comes to, in the units that AWS bills. */

export const gigabyte = 1024 ** 3;

/** Runs of what is due every so many milliseconds. */
export const perMonth = (every: number) => (assumed.minutesPerMonth * unitMs.m) / every;

/** A metric with data every so many milliseconds has some in this share of the hours. */
export const hoursWithData = (every: number) => Math.min(1, unitMs.h / every);

export const gigabyteSeconds = (seconds: number, memoryMb = assumed.memoryMb) => (seconds * memoryMb) / 1024;

/** Of Lambda's own lines. */
export const logGigabytes = (runs: number) => (runs * assumed.logBytesPerRun) / gigabyte;

/** DynamoDB bills an item's write by the kilobyte begun, its read by four. */
export const writes = (bytes: number) => Math.ceil(bytes / 1_024);
export const reads = (bytes: number) => Math.ceil(bytes / 4_096);

export const sum = <Item>(items: readonly Item[], of: (item: Item) => number) =>
  items.reduce((total, item) => total + of(item), 0);

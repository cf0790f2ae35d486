/** From the least to the most urgent. `medium` and `low` are accepted in a config as `warning` and `info`. */
export const severities = ['info', 'warning', 'high', 'critical'] as const;

export type Severity = (typeof severities)[number];

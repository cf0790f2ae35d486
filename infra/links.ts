/** Environment variables with what messages link to. */
export interface Links {
  CONSOLE_URL: string;
  DASHBOARD_URL: string;
}

/** Where CloudWatch shows a dashboard. Region may be a token. */
export const dashboardUrl = (region: string, name: string) =>
  `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${name}`;

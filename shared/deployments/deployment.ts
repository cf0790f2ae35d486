/** Something that was changed: an incident that opens soon after shows it. */
export interface Deployment {
  id: string;
  /** Epoch milliseconds. */
  at: number;
  source: 'cloudformation' | 'codedeploy' | 'ecs' | 'api';
  /** For people: what was deployed, and how it went. */
  title: string;
  by?: string;
  link?: string;
}

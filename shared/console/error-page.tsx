import { Layout, type Surroundings } from './layout.tsx';

/** What a person is told where a page or an action is not there. */
export const ErrorPage = ({ message, surroundings }: { message: string; surroundings: Surroundings }) => (
  <Layout title="Not possible" section="" surroundings={surroundings}>
    <h1>That did not work</h1>
    <p>{message}</p>
    <p>
      <a href="/">Back to the monitors</a>
    </p>
  </Layout>
);

import { Socket } from 'node:net';

/** Lets this thread connect to one port only, as if the cable were cut: everything else has no route. */
export function cutNetwork(onlyPort: number): void {
  const connect = Socket.prototype.connect;
  Socket.prototype.connect = function (this: Socket, ...given: Parameters<typeof connect>) {
    const [first] = given as unknown[];
    // `net.connect` hands its options over in a list.
    const options = (Array.isArray(first) ? first[0] : first) as { host?: string; port?: number | string };
    if (Number(options.port) === onlyPort) return connect.apply(this, given);
    const code = 'EHOSTUNREACH';
    process.nextTick(() =>
      this.destroy(Object.assign(new Error(`connect ${code} ${options.host}`), { code })),
    );
    return this;
  } as typeof connect;
}

/** A secret is there, but nothing can be sent with its value. Says what is wrong with it, never the value. */
export class SecretUnusable extends Error {
  constructor(secret: string, problem: string) {
    super(`secret ${secret} ${problem}: run \`npm run tocsin -- secrets set ${secret}\``);
    this.name = 'SecretUnusable';
  }
}

/** The host leads to an address that is not on the public Internet, where our own credentials could be read. */
export class AddressForbidden extends Error {
  constructor() {
    super('the address is loopback, private or reserved: a channel must be on the public Internet');
    this.name = 'AddressForbidden';
  }
}

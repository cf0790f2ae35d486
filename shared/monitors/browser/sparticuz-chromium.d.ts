/** What we use of it; whoever deploys a browser monitor installs it. */
declare module '@sparticuz/chromium' {
  const chromium: {
    args: string[];
    /** Unpacks what lies in a folder, unless it has been. @returns path of the program */
    executablePath(folder: string): Promise<string>;
  };
  export default chromium;
}

/** Options of a Marathon whose simulated tasks go through their states soon, yet not at once; in milliseconds. */
export const QUICK = {
  simulatedTimes: { starting: 30, running: 100, exit: 50, health: 100, killed: 30 },
  offerInterval: 200,
} as const;

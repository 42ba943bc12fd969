/**
 * Price of a large cheese pizza against the national mean of 17.81 dollars, per mille, at independent pizzerias
 * in 2022 (Slice Pizza Index, as reported by newspapers). States that are not named here: 1000.
 */
const perMille: Readonly<Record<string, number>> = {
  AK: 1221,
  AL: 831,
  AR: 924,
  CA: 1190,
  CO: 1192,
  DE: 882,
  IL: 1264,
  KS: 840,
  KY: 963,
  LA: 921,
  MA: 926,
  MD: 897,
  ME: 928,
  MI: 899,
  MN: 779,
  MO: 939,
  MS: 870,
  MT: 935,
  NC: 974,
  ND: 862,
  NH: 884,
  NJ: 947,
  NY: 1108,
  OH: 892,
  OK: 713,
  OR: 1513,
  PA: 917,
  RI: 928,
  SC: 973,
  SD: 951,
  TN: 951,
  TX: 902,
  UT: 964,
  VA: 980,
  WA: 1310,
  WV: 977,
};

/** How dear pizza is in a state; 1 is the national mean. */
export function priceLevel(state: string): number {
  return (perMille[state] ?? 1000) / 1000;
}

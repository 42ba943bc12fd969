/**
 * What is assumed of the use, where neither the stacks nor the code decide it. Nothing here was measured on AWS, except
 * the sizes of records, which are those of simulated orders on one machine. Change it here for a chain that differs.
 */
export const assumptions = {
  /** Hours a day in which orders come and reports are read, evenly. */
  openHours: 16,
  /** Each order is posted alone. Ten in a request make the way in about ten times cheaper. */
  ordersPerRequest: 1,
  /** Of a record on its way, and as it lies in S3, gzipped with few others. */
  recordKilobytes: 0.7,
  recordKilobytesPacked: 0.15,
  /** Of an order in Redshift's storage, head and lines, all tables. */
  storedKilobytes: 0.5,
  /** Of what is posted, the share that is refused and goes to quarantine. */
  refusedShare: 0.005,
  /** Reports asked for a day: one for so many orders, and never fewer than so many. */
  ordersPerReport: 20,
  reportsMin: 100,
  reportKilobytes: 20,
  /** Hours a day that pages of the dashboard are open, all together: for so many orders one hour. */
  ordersPerPageHour: 1_000,
  pageHoursMin: 8,
  /** An open page asks once a minute whether there is something new. */
  callsPerPageHour: 60,
  /** The files of the dashboard, when a browser has none of them. */
  pageMegabytes: 1.5,
  /** Answer and headers of an order. */
  orderAnswerKilobytes: 1,
  /** How long functions run, seconds. */
  seconds: {
    ingest: 0.06,
    authorize: 0.03,
    api: 0.8,
    load: 6,
    reconcile: 3,
    refresh: 300,
    census: 10,
  },
  /** A query is billed for a minute at the least. */
  warehouseSecondsMin: 60,
  /** What the daily refresh computes, minutes: so many, and one more for so many orders a day. */
  refreshMinutes: 5,
  ordersPerRefreshMinute: 50_000,
  /** For so many orders a day, 8 RPU more are taken to be needed. A guess until somebody measures. */
  ordersPerCapacityStep: 500_000,
  capacityStep: 8,
  /** The nightly Glue job on two workers, and the weekly crawler on as many DPU: minutes. */
  glueJobMinutes: 4,
  crawlerMinutes: 10,
  /** What is written to logs: kilobytes a call of an API, and a load with the statements that Redshift notes. */
  logKilobytesPerCall: 1.5,
  logKilobytesPerLoad: 60,
  /** Flow logs, state machine, trail and whatever else writes without an order. */
  logGigabytesIdle: 0.3,
  /** CloudWatch packs what it keeps. */
  logPackedShare: 0.15,
  /** Calls of KMS that one load, and one file from Firehose, lead to. */
  keyCallsPerLoad: 10,
  /** How long data has been coming in: what lies in S3 and Redshift grows until then. */
  monthsKept: 12,
} as const;

/** A month of 365 days a year. */
export const daysPerMonth = 365 / 12;
export const hoursPerMonth = 24 * daysPerMonth;

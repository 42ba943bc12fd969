/** Every limit of the wire format, with its unit in its name. */
export const limits = {
  bodyBytesMax: 8 * 1024 * 1024,
  batchOrdersMax: 10_000,
  orderLinesMax: 100,
  pizzaToppingsMax: 30,
  quantityMax: 1_000,
  priceCentsMax: 1_000_000,
  revisionMax: 1_000_000,
  /** An order may carry a time this far ahead of the server's clock: tills drift. */
  futureMinutesMax: 15,
  /** Orders before this instant are typing errors, not history. */
  orderedAtMin: '2000-01-01T00:00:00Z',
  reportRowsMax: 10_000,
} as const;

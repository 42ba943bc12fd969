import type { SegmentFile } from '../contract/segment-file.ts';

/** What a stream is doing now, for `/v1/pipeline` and metrics. */
export interface StreamStatus {
  /** Appended, not yet durable. */
  readonly bufferedBytes: number;
  /** Sealed, not yet loaded. */
  readonly waitingSegments: number;
  /** Durable, not yet loaded: those of the open segment file included. */
  readonly unloadedRecords: number;
}

/**
 * The road from acceptance to loading. Whatever `append` has resolved for is handed out by `next` until it is
 * released, across crashes, at least once and in order.
 */
export interface DeliveryStream {
  /**
   * Resolves when every record is durable. Each record is one JSON object without line breaks.
   *
   * @throws SlicehouseError `overloaded` when the buffer is full, `storage_full` when the disk is, `stopping`
   *   after `close`
   */
  append(records: readonly string[]): Promise<void>;

  /**
   * The oldest sealed segment files that are not released, at least one and at most about `bytesMax` of them.
   * Waits for one; resolves with none when the stream is closed and nothing is left.
   */
  next(bytesMax: number): Promise<SegmentFile[]>;

  /** Says that these are loaded for good. */
  release(segments: readonly SegmentFile[]): Promise<void>;

  status(): StreamStatus;

  /** Takes no more records, makes the accepted ones durable and seals them. */
  close(): Promise<void>;
}

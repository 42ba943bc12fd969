import type { SlicehouseError } from '../contract/errors.ts';
import type { SegmentFile } from '../contract/segment-file.ts';

/** A record that a warehouse cannot take, though its file is undamaged. */
export interface UnreadableRecord {
  /** Its number in the segment file, from 1. */
  readonly record: number;
  /** What is wrong, one sentence for people. */
  readonly reason: string;
}

/** What a stream is doing now, for `/v1/pipeline` and metrics. */
export interface StreamStatus {
  /** Appended, not yet durable. */
  readonly bufferedBytes: number;
  /** Sealed, not yet loaded. */
  readonly waitingSegments: number;
  readonly waitingBytes: number;
  /** Age of the oldest of them since it was sealed; null when none waits. */
  readonly oldestWaitingMs: number | null;
  /** Durable, not yet loaded: those of the open segment file included. */
  readonly unloadedRecords: number;
  /** Why `append` refuses at the moment, if it does. */
  readonly refusing: 'overloaded' | 'storage_full' | null;
}

/** The near end of the road from acceptance to loading: all that whoever takes records needs of it. */
export interface RecordAppender {
  /**
   * Resolves when every record is durable. Each record is one JSON object without line breaks.
   *
   * @throws SlicehouseError `overloaded` when the buffer is full or too much waits to be loaded, `storage_full` when
   *   the disk is full or nearly so, `stopping` after `close`
   */
  append(records: readonly string[]): Promise<void>;
}

/**
 * The road from acceptance to loading. Whatever `append` has resolved for is handed out by `next` until it is
 * released, across crashes, at least once and in order.
 */
export interface DeliveryStream extends RecordAppender {
  /** What `append` would throw now, so that a sender can be told before its body is read. */
  refusal(): SlicehouseError | undefined;

  /**
   * The oldest sealed segment files that are not released, at least one and at most about `bytesMax` of them.
   * Waits for one; resolves with none when the stream is closed and nothing is left. Every file is compared with
   * its checksum first: a record that is damaged has become a reject with its exact bytes.
   */
  next(bytesMax: number): Promise<SegmentFile[]>;

  /** Says that these are loaded for good. */
  release(segments: readonly SegmentFile[]): Promise<void>;

  /**
   * Puts rejects with their exact bytes in the place of records that loading cannot read. `next` hands the file out
   * again.
   */
  setAside(segment: SegmentFile, records: readonly UnreadableRecord[]): Promise<void>;

  status(): StreamStatus;

  /** Takes no more records, makes the accepted ones durable and seals them. */
  close(): Promise<void>;
}

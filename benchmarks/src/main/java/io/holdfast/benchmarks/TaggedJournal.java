// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import java.time.Duration;

/** A journal with queries by tag, here or in another process: what {@link FeedBenchmark} does. */
interface TaggedJournal {
  /** See {@link Delivery}. */
  Delivery.Result deliver(int backgroundWriters, Duration window) throws Exception;

  /** Writes tagged events, to be read by {@link #catchUp}; see {@link CatchUp}. */
  void write(int events, int batchEvents) throws Exception;

  /** Reads these from the beginning; answers how many events a second that were. */
  double catchUp(int events) throws Exception;

  /** A journal of this JVM. */
  static TaggedJournal of(String name, WriterSystem writers, TagQueries queries) {
    Delivery delivery = new Delivery(writers, queries);
    CatchUp catchUp = new CatchUp(name, writers, queries);
    return new TaggedJournal() {
      @Override
      public Delivery.Result deliver(int backgroundWriters, Duration window) throws Exception {
        return delivery.measure(backgroundWriters, window);
      }

      @Override
      public void write(int events, int batchEvents) throws Exception {
        catchUp.write(events, batchEvents);
      }

      @Override
      public double catchUp(int events) throws Exception {
        return catchUp.read(events);
      }
    };
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.protocol;

/**
 * What a stream must be like for an append or a change to take place. Immutable.
 *
 * <p>A stream whose events are all deleted does not exist, but goes on in its numbering: {@link
 * #noStream()} holds for it, and {@link #exactly} with its version; {@code exactly(0)} does not.
 */
public sealed interface ExpectedVersion {
  /** Whatever it is like. */
  record Any() implements ExpectedVersion {
    @Override
    public String toString() {
      return "at any version";
    }
  }

  /** It has no event. */
  record NoStream() implements ExpectedVersion {
    @Override
    public String toString() {
      return "not to exist";
    }
  }

  /** It has an event, at least one. */
  record StreamExists() implements ExpectedVersion {
    @Override
    public String toString() {
      return "to exist";
    }
  }

  /**
   * It is at this version.
   *
   * @param version the version of the stream's last event; 0 if it never had one
   */
  record Exactly(long version) implements ExpectedVersion {
    @Override
    public String toString() {
      return "at version " + version;
    }
  }

  /** Whatever it is like. */
  static ExpectedVersion any() {
    return new Any();
  }

  /** It has no event. */
  static ExpectedVersion noStream() {
    return new NoStream();
  }

  /** It has an event. */
  static ExpectedVersion streamExists() {
    return new StreamExists();
  }

  /**
   * It is at this version.
   *
   * @param version from 0; a lower one is rejected where it is used
   */
  static ExpectedVersion exactly(long version) {
    return new Exactly(version);
  }
}

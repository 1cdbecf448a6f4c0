// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.failover;

/** What happens to the node. */
enum Death {
  /** SIGKILL: the process is gone at once, and says nothing. */
  KILL("kill -9"),
  /**
   * SIGSTOP until the others have removed it, then SIGCONT: it goes on where it stopped, with
   * requests and writes of which it does not know how old they are.
   */
  FREEZE("kill -STOP, later kill -CONT,");

  private final String verb;

  Death(String verb) {
    this.verb = verb;
  }

  String verb() {
    return verb;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.eventstore;

import io.holdfast.eventstore.decider.Decider;
import java.util.List;

/** An account that never goes below zero: the example of docs/aggregates.md, as it stands there. */
class Account implements Decider<Account.Post, Long, Account.Event> {
  record Post(long amount) {}

  sealed interface Event {}

  record Deposited(long amount) implements Event {}

  record Withdrawn(long amount) implements Event {}

  @Override
  public Long initialState() {
    return 0L;
  }

  @Override
  public List<Event> decide(Post post, Long balance) {
    if (balance + post.amount() < 0) {
      throw new IllegalStateException("the balance is only " + balance);
    }
    long amount = post.amount();
    return List.of(amount < 0 ? new Withdrawn(-amount) : new Deposited(amount));
  }

  @Override
  public Long evolve(Long balance, Event event) {
    return event instanceof Deposited in
        ? balance + in.amount()
        : balance - ((Withdrawn) event).amount();
  }
}

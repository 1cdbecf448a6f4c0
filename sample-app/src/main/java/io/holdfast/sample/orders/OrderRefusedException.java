// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.orders;

/** An order cannot do what was asked for. The message says why; nothing has happened. */
public final class OrderRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OrderRefusedException(String reason) {
    super(reason);
  }
}

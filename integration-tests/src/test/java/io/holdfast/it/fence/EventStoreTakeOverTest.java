// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.fence;

class EventStoreTakeOverTest extends TakeOverContract {
  EventStoreTakeOverTest() {
    super(ContenderKind.EVENT_STORE);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.fence;

class PersistentActorTakeOverTest extends TakeOverContract {
  PersistentActorTakeOverTest() {
    super(ContenderKind.PERSISTENT_ACTOR);
  }
}

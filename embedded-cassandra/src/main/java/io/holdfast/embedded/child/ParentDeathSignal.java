// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded.child;

import java.lang.reflect.Method;

/**
 * Asks Linux to kill this process when the thread that forked it ends: {@code
 * prctl(PR_SET_PDEATHSIG, SIGKILL)}, through the JNA that Cassandra ships.
 *
 * <p>Does nothing on other systems, or if JNA cannot load: the watch of standard input remains.
 */
final class ParentDeathSignal {

  private static final int PR_SET_PDEATHSIG = 1;
  private static final long SIGKILL = 9;

  private ParentDeathSignal() {}

  static void request() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return;
    }
    try {
      Class<?> function = Class.forName("com.sun.jna.Function");
      Method getFunction = function.getMethod("getFunction", String.class, String.class);
      Object prctl = getFunction.invoke(null, "c", "prctl");
      Method invokeInt = function.getMethod("invokeInt", Object[].class);
      Object result =
          invokeInt.invoke(prctl, (Object) new Object[] {PR_SET_PDEATHSIG, SIGKILL, 0L, 0L, 0L});
      if (!Integer.valueOf(0).equals(result)) {
        System.err.println("prctl(PR_SET_PDEATHSIG) failed with " + result);
      }
    } catch (ReflectiveOperationException | LinkageError e) {
      System.err.println("No signal at the parent's death: " + e);
    }
  }
}

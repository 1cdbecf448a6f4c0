// SPDX-License-Identifier: Apache-2.0
package io.holdfast.test;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Gives Awaitility the limit of {@link Patience}, and lets it look often. Public because JUnit
 * creates it by name.
 */
public final class PatientSession implements LauncherSessionListener {
  @Override
  public void launcherSessionOpened(LauncherSession session) {
    Awaitility.setDefaultTimeout(Patience.LIMIT);
    // An exception in a thread that another test has left behind is no failure of this one.
    Awaitility.doNotCatchUncaughtExceptionsByDefault();
    Awaitility.setDefaultPollInterval(Duration.ofMillis(25));
  }
}

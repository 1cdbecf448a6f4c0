// SPDX-License-Identifier: Apache-2.0
package io.holdfast.test;

import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Gives Awaitility the limit of {@link Patience}. Public because JUnit creates it by name. */
public final class PatientSession implements LauncherSessionListener {
  @Override
  public void launcherSessionOpened(LauncherSession session) {
    Awaitility.setDefaultTimeout(Patience.LIMIT);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.common;

import picocli.CommandLine.IVersionProvider;

/** The version, as the jar has it. */
public final class DemoVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = DemoVersion.class.getPackage().getImplementationVersion();
    return new String[] {"Holdfast demo " + (version == null ? "(not from a jar)" : version)};
  }
}

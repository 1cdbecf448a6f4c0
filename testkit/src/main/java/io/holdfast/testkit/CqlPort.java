// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testkit;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * Asks whether somebody speaks CQL on a port, with the smallest exchange of its binary protocol:
 * OPTIONS, answered by SUPPORTED. A connection alone says nothing, as Docker's proxy accepts one
 * before Cassandra listens, and a driver's session would warn at each attempt.
 */
final class CqlPort {

  private static final int TIMEOUT_MILLIS = 2_000;
  private static final byte[] OPTIONS = {4, 0, 0, 0, 5, 0, 0, 0, 0};
  private static final int RESPONSE_OF_VERSION_4 = 0x84;
  private static final int SUPPORTED = 6;

  private CqlPort() {}

  /** Whether CQL is spoken there. Blocks for some seconds if not. */
  static boolean answers(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address, TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write(OPTIONS);
      DataInputStream answer = new DataInputStream(socket.getInputStream());
      int version = answer.readUnsignedByte();
      answer.readUnsignedByte(); // flags
      answer.readShort(); // stream
      return version == RESPONSE_OF_VERSION_4 && answer.readUnsignedByte() == SUPPORTED;
    } catch (IOException notYet) {
      return false;
    }
  }
}

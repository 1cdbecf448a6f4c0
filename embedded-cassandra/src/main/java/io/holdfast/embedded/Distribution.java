// SPDX-License-Identifier: Apache-2.0
package io.holdfast.embedded;

import io.holdfast.embedded.EmbeddedCassandraException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Cassandra's jars as {@code holdfast-cassandra-distribution} carries them: files inside a jar, and
 * an index of them.
 *
 * @param index the index as it stands in the jar
 */
record Distribution(String index, List<Entry> entries) {

  private static final String ROOT = "META-INF/holdfast/cassandra/";

  /** One nested jar. */
  record Entry(String sha256, long size, String name) {

    InputStream open() throws IOException {
      return resource("lib/" + name);
    }
  }

  static Distribution load() {
    try (InputStream in = resource("index.txt")) {
      String index = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new Distribution(index, index.lines().map(Distribution::entry).toList());
    } catch (IOException e) {
      throw new EmbeddedCassandraException(
          Reason.FILES,
          "Cassandra's jars are not on the class path. Is holdfast-cassandra-distribution among the"
              + " dependencies?",
          e);
    }
  }

  /** Names the content: equal jars have equal keys. */
  String key() {
    byte[] hash = sha256().digest(index.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(hash, 0, 8);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  private static Entry entry(String line) {
    String[] fields = line.split(" ", 3);
    return new Entry(fields[0], Long.parseLong(fields[1]), fields[2]);
  }

  private static InputStream resource(String name) throws IOException {
    InputStream in = Distribution.class.getClassLoader().getResourceAsStream(ROOT + name);
    if (in == null) {
      throw new IOException("No resource " + ROOT + name);
    }
    return in;
  }
}

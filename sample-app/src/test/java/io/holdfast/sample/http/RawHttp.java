// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.http;

import io.holdfast.test.Patience;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A request as bytes on a connection of its own, which no client library has made right before. */
final class RawHttp {
  private RawHttp() {}

  /** What came back: nothing of an answer without end but its head. */
  record Answer(int status, String head, String body) {}

  /** A request line and headers, without the empty line at their end. */
  static byte[] request(String head, byte[] body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
    bytes.writeBytes("\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
    bytes.writeBytes(body);
    return bytes.toByteArray();
  }

  /** Sends bytes and reads the answer. Times out if there is none. */
  static Answer send(URI node, byte[] request) throws IOException {
    try (Socket socket = new Socket(node.getHost(), node.getPort())) {
      socket.setSoTimeout((int) Patience.LIMIT.toMillis());
      OutputStream out = socket.getOutputStream();
      try {
        out.write(request);
        out.flush();
      } catch (SocketException refusedEarly) {
        // The server need not read all of a body that it refuses.
      }
      return read(socket.getInputStream());
    }
  }

  private static Answer read(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 14];
    while (true) {
      int count;
      try {
        count = in.read(buffer);
      } catch (SocketException reset) {
        count = -1;
      }
      if (count > 0) {
        bytes.write(buffer, 0, count);
      }
      String text = bytes.toString(StandardCharsets.UTF_8);
      if (text.startsWith("HTTP/1.1 100 ") && text.contains("\r\n\r\n")) {
        text = text.substring(text.indexOf("\r\n\r\n") + 4);
      }
      int end = text.indexOf("\r\n\r\n");
      String head = end < 0 ? text : text.substring(0, end);
      boolean endless = head.toLowerCase(Locale.ROOT).contains("content-type: text/event-stream");
      if (count < 0 || (end >= 0 && endless)) {
        String body = end < 0 ? "" : text.substring(end + 4);
        int status = head.startsWith("HTTP/1.1 ") ? Integer.parseInt(head.substring(9, 12)) : 0;
        return new Answer(status, head, body);
      }
    }
  }
}

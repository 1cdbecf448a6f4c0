// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFormatTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void logsJsonOnRequest() throws Exception {
    List<String> lines = log("json");
    assertThat(lines).hasSize(1);
    JsonNode line = new ObjectMapper().readTree(lines.get(0));
    assertThat(line.get("level").textValue()).isEqualTo("WARN");
    assertThat(line.get("loggerName").textValue()).isEqualTo("io.holdfast.Test");
    assertThat(line.get("formattedMessage").textValue()).isEqualTo("Stream \"order-1\" was taken");
    assertThat(line.get("kvpList").toString()).isEqualTo("[{\"persistenceId\":\"order-1\"}]");
    assertThat(line.get("throwable").get("message").textValue()).isEqualTo("two\nlines");
    assertThat(logFile()).doesNotExist();
  }

  @Test
  void logsTextOnRequest() throws Exception {
    assertThat(log("console").get(0))
        .endsWith("WARN  io.holdfast.Test Stream \"order-1\" was taken persistenceId=\"order-1\"");
    assertThat(logFile()).doesNotExist();
  }

  @Test
  void logsToTheFileOtherwise() throws Exception {
    assertThat(log(null)).isEmpty();
    assertThat(Files.readString(logFile())).contains("Stream \"order-1\" was taken");
  }

  private List<String> log(@Nullable String format) throws Exception {
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      if (format != null) {
        context.putProperty("HOLDFAST_LOG", format);
      }
      context.putProperty("holdfast.demo.log", logFile().toString());
      JoranConfigurator configurator = new JoranConfigurator();
      configurator.setContext(context);
      configurator.doConfigure(configuration());
      context
          .getLogger("io.holdfast.Test")
          .atWarn()
          .addKeyValue("persistenceId", "order-1")
          .setCause(new IllegalStateException("two\nlines"))
          .log("Stream \"{}\" was taken", "order-1");
    } finally {
      context.stop();
      System.setOut(console);
    }
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private Path logFile() {
    return folder.resolve("node.log");
  }

  private static URL configuration() {
    return Objects.requireNonNull(LogFormatTest.class.getResource("/logback.xml"));
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.holdfast.chaos.history.Consistency;
import io.holdfast.chaos.history.Event;
import io.holdfast.chaos.history.Expected;
import io.holdfast.chaos.history.HistoryWriter;
import io.holdfast.chaos.history.Operation;
import io.holdfast.chaos.history.Outcome;
import io.holdfast.chaos.history.Result;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import picocli.CommandLine;

class CheckCommandTest {
  private static final String STREAM = "Order|<1>";

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private Path file() {
    return folder.resolve("history.jsonl");
  }

  private int check(String... options) {
    CommandLine command =
        ChaosMain.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return command.execute(
        Stream.concat(Stream.of("check", file().toString()), Stream.of(options))
            .toArray(String[]::new));
  }

  /** An event that is acknowledged, and is or is not there in the end. */
  private void record(List<Event> inTheEnd) {
    try (HistoryWriter history = HistoryWriter.create(file(), 42, Map.of("nodes", "3"))) {
      history.startConsumer("reader", "feed", "", 0);
      long fault = history.beginFault("freeze", "app-2", "for 3 s");
      long append =
          history.invoke(
              "client-1", new Operation.Append(STREAM, List.of("a"), Expected.exactly(0)));
      history.complete(append, Outcome.ok(new Result.Appended(1, 1, false)));
      history.deliver("reader", STREAM, 1, "a");
      history.endFault(fault);
      long unknown =
          history.invoke("client-2", new Operation.Append(STREAM, List.of("b"), Expected.any()));
      long version =
          history.invoke("client-3", new Operation.GetVersion(STREAM, Consistency.OWNER));
      history.complete(version, Outcome.ok(new Result.Version(1)));
      history.complete(unknown, new Outcome.Unknown("no answer"));
      history.caughtUp("reader");
      long last = history.invoke("last", Operation.Read.last(STREAM, 1));
      history.complete(last, Outcome.ok(new Result.Events(1, 0, inTheEnd)));
    }
  }

  @Test
  void saysThatNothingWasFound() {
    record(List.of(new Event(1, "a")));
    assertThat(check()).isZero();
    assertThat(out.toString())
        .contains("Verdict: nothing found in 4 operations, 3 of them acknowledged.")
        .contains("Faults: freeze 1")
        .contains("Deliveries: feed reader 1")
        .containsPattern("append +1 +0 +0 +0 +1")
        .doesNotContain("Note:");
    assertThat(folder).isDirectoryNotContaining("glob:**violations");
  }

  @Test
  void drawsWhatItHasFound() throws Exception {
    record(List.of());
    Path json = folder.resolve("verdict.json");
    assertThat(check("--json", json.toString())).isEqualTo(1);
    Path drawing = folder.resolve("history.jsonl.violations").resolve("01-LOST-Order__1_.html");
    assertThat(out.toString())
        .contains("LOST in stream 'Order|<1>'")
        .contains("Look at " + drawing);

    JsonNode verdict = JsonMapper.builder().build().readTree(json.toFile());
    assertThat(verdict.at("/violations/0/kind").asText()).isEqualTo("LOST");
    assertThat(verdict.at("/violations/0/drawing").asText()).isEqualTo(drawing.toString());
    assertThat(verdict.at("/operations/append/ok").asInt()).isEqualTo(1);
    assertThat(verdict.at("/seed").asInt()).isEqualTo(42);

    String page = Files.readString(drawing);
    assertThat(page)
        .as("needs no other file")
        .doesNotContain("http:", "https:", "src=", "href=", "url(", "@import", "{{")
        .contains("prefers-color-scheme: dark", "Order|&lt;1&gt;");
    String svg = page.substring(page.indexOf("<svg"), page.indexOf("</svg>") + 6);
    Document picture =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg)));
    assertThat(svg)
        .contains("class=\"fault\"", "client-1", "client-2", "reader", "freeze app-2")
        .contains("class=\"ok marked\"", "class=\"unknown other\"", "class=\"delivery other\"");
    assertThat(picture.getElementsByTagName("rect").getLength()).isEqualTo(1 + 4);
  }

  @Test
  void itsVerdictGoesIntoThePage() throws Exception {
    record(List.of(new Event(1, "a")));
    Path json = folder.resolve("verdict.json");
    check("--json", json.toString());
    Path page = folder.resolve("page.md");
    Files.writeString(page, "before\n<!-- figures: begin -->\nold\n<!-- figures: end -->\nafter\n");

    int exit = ChaosMain.commandLine().execute("page", json.toString(), "--page", page.toString());

    assertThat(exit).isZero();
    assertThat(page)
        .content()
        .startsWith("before\n")
        .endsWith("after\n")
        .doesNotContain("old")
        .containsPattern("\\| 42 \\|.*\\| 3 \\| 0 \\| 0 \\| 1 \\| 1 \\| 1 \\| 0 \\|")
        .containsPattern("`freeze` of one application \\| 1 \\| \\d+ \\| \\d+ \\|");
    assertThat(folder.resolve("images").resolve("reliability-run.svg"))
        .content()
        .contains("<title>freeze app-2 for 3 s</title>");
  }

  @Test
  void saysWhatItCannotUse() throws Exception {
    Files.writeString(file(), "no history\n");
    assertThat(check()).isEqualTo(2);
    assertThat(err.toString()).contains("line 1 is no record of a history");
    Files.delete(file());
    assertThat(check()).isEqualTo(2);
    assertThat(check("--nonsense")).isEqualTo(2);
    assertThat(err.toString()).contains("cannot be read", "Unknown option");
  }
}

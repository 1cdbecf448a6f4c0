// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.demo;

import io.holdfast.sample.cloudevents.EventLimits;

import static io.holdfast.sample.demo.TestLogs.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.eventstore.NewEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CloudEventFileTest {
  private static final EventLimits LIMITS = new EventLimits(100, 10_000);

  @TempDir private Path folder;

  @Test
  void sortsEventsIntoStreamsInTheOrderOfTheFile() throws Exception {
    Path file = TestLogs.plain(folder, line("b", "1"), line("a", "2"), line("b", "3"));

    CloudEventFile.Contents contents = CloudEventFile.read(file, LIMITS);

    assertThat(contents.broken().count()).isZero();
    assertThat(contents.log().eventCount()).isEqualTo(3);
    assertThat(contents.log().streams()).extracting(LogStream::streamId).containsExactly("b", "a");
    assertThat(contents.log().streams().get(0).events())
        .<String>extracting(NewEvent::id)
        .containsExactly("1", "3");
  }

  @Test
  void readsGzipWhateverItsName() throws Exception {
    Path plain = TestLogs.plain(folder, line("a", "1"), line("b", "2"));
    Path gzip = TestLogs.gzip(folder, line("a", "1"), line("b", "2"));

    assertThat(CloudEventFile.read(gzip, LIMITS).log())
        .isEqualTo(CloudEventFile.read(plain, LIMITS).log());
  }

  @Test
  void skipsEmptyLinesAndTakesEveryLineEnd() throws Exception {
    Path file = TestLogs.plain(folder, "", line("a", "1") + "\r", "  ", "\r", line("a", "2"), "");

    CloudEventFile.Contents contents = CloudEventFile.read(file, LIMITS);

    assertThat(contents.broken().count()).isZero();
    assertThat(contents.log().eventCount()).isEqualTo(2);
  }

  @Test
  void reportsBrokenLinesWithFileLineAndReason() throws Exception {
    Path file = TestLogs.plain(folder, line("a", "1"), "", "{broken", line("a", "2"), "{}");

    CloudEventFile.Contents contents = CloudEventFile.read(file, LIMITS);

    assertThat(contents.log().eventCount()).isEqualTo(2);
    assertThat(contents.broken().count()).isEqualTo(2);
    List<String> described = contents.broken().describe();
    assertThat(described.get(0)).startsWith(file + ":3: no JSON: ");
    assertThat(described.get(1)).isEqualTo(file + ":5: no CloudEvent: 'specversion' is missing");
  }

  @Test
  void reportsDuplicates() throws Exception {
    Path file = TestLogs.plain(folder, line("a", "1"), line("a", "2"), line("a", "1"));

    assertThat(CloudEventFile.read(file, LIMITS).broken().describe())
        .containsExactly(file + ":3: a duplicate: line 1 has the same 'source' and 'id'");
  }

  @Test
  void countsBrokenLinesBeyondTheFirstTwenty() throws Exception {
    String[] lines = IntStream.range(0, 25).mapToObj(i -> "broken").toArray(String[]::new);

    BrokenLines broken = CloudEventFile.read(TestLogs.plain(folder, lines), LIMITS).broken();

    assertThat(broken.count()).isEqualTo(25);
    assertThat(broken.describe()).hasSize(21).last().isEqualTo("... and 5 more");
  }

  @Test
  void tellsTextThatIsNotUtf8() throws Exception {
    byte[] bytes = line("a", "1").getBytes(java.nio.charset.StandardCharsets.UTF_8);
    bytes[20] = (byte) 0xff;

    assertThat(CloudEventFile.read(TestLogs.write(folder.resolve("log"), bytes), LIMITS).broken())
        .satisfies(
            broken -> assertThat(broken.describe()).singleElement().asString().contains(":1: no "));
  }

  @Test
  void refusesWhatCannotBeRead() throws IOException {
    Path gzip = TestLogs.gzip(folder, line("a", "1"), line("b", "2"));
    byte[] bytes = Files.readAllBytes(gzip);
    Path cut = TestLogs.write(folder.resolve("cut"), Arrays.copyOf(bytes, bytes.length - 9));

    assertThatThrownBy(() -> CloudEventFile.read(cut, LIMITS))
        .isInstanceOf(RefusedInputException.class)
        .hasMessageContaining("cannot be read");
    assertThatThrownBy(() -> CloudEventFile.read(folder, LIMITS))
        .isInstanceOf(RefusedInputException.class)
        .hasMessageContaining("is a folder");
    assertThatThrownBy(() -> CloudEventFile.read(folder.resolve("none"), LIMITS))
        .isInstanceOf(RefusedInputException.class)
        .hasMessageContaining("There is no file");
  }
}

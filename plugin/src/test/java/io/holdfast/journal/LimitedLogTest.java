// SPDX-License-Identifier: Apache-2.0
package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class LimitedLogTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(LimitedLogTest.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 10);
  private final LimitedLog log = new LimitedLog(logger, Level.WARN, "streams were lost", now::get);

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
    logger.setAdditive(false);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
  }

  private void storm(int events) {
    IntStream.rangeClosed(1, events)
        .forEach(i -> log.next().addKeyValue("persistenceId", "s" + i).log("lost {}", i));
  }

  private List<String> messages() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private void passInterval() {
    now.addAndGet(LimitedLog.INTERVAL.toNanos());
  }

  @Test
  void logsTheFirstOfAStormAndTheNumberOfTheOthers() {
    storm(100_000);
    log.sumUp();
    assertThat(messages()).containsExactly("lost 1", "lost 2", "lost 3", "lost 4", "lost 5");
    passInterval();
    log.sumUp();
    log.sumUp();
    assertThat(messages()).hasSize(6).endsWith("99995 more streams were lost");
    assertThat(lines.list.get(5).getKeyValuePairs().toString()).contains("leftOut=\"99995\"");
  }

  @Test
  void keepsTheValuesApart() {
    storm(1);
    assertThat(lines.list.get(0).getKeyValuePairs())
        .singleElement()
        .satisfies(
            pair -> {
              assertThat(pair.key).isEqualTo("persistenceId");
              assertThat(pair.value).isEqualTo("s1");
            });
    assertThat(lines.list.get(0).getLevel()).isEqualTo(ch.qos.logback.classic.Level.WARN);
  }

  @Test
  void goesOnInTheNextIntervalAfterSayingWhatWasLeftOut() {
    storm(7);
    passInterval();
    storm(2);
    assertThat(messages().subList(5, 8))
        .containsExactly("2 more streams were lost", "lost 1", "lost 2");
  }

  @Test
  void saysNothingOfFewEvents() {
    storm(LimitedLog.MAX_LINES);
    passInterval();
    log.sumUp();
    log.close();
    assertThat(messages()).hasSize(LimitedLog.MAX_LINES);
  }

  @Test
  void tellsTheRestWhenItIsClosed() {
    storm(6);
    log.close();
    assertThat(messages()).endsWith("1 more streams were lost");
  }
}

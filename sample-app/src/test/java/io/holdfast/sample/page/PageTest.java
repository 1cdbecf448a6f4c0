// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.sample.http.ApiCluster;
import io.holdfast.testkit.CassandraExtension;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser, before a real node on a real Cassandra. */
class PageTest {
  /** Whether text of the data is ever taken for markup. */
  private static final String HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>";

  @RegisterExtension static final CassandraExtension CASSANDRA = CassandraExtension.shared();

  @TempDir private static Path folder;

  private static ApiCluster api;
  private static Chromium chromium;
  private static DevTools tools;
  private static BrowserTab tab;

  @BeforeAll
  static void startBrowser() throws IOException {
    Optional<Path> program = Chromium.find();
    assumeTrue(
        program.isPresent(),
        "no Chromium on the PATH: the page is not tested; Debian's package is 'chromium'");
    api = ApiCluster.shared(CASSANDRA);
    chromium = Chromium.start(program.get(), folder);
    tools = chromium.connect();
    tab = new BrowserTab(tools);
    tab.look(1280, 800, "light");
    giveToken();
  }

  /** The page asks for it, once: the tab remembers it. */
  private static void giveToken() {
    show("/streams");
    tab.untilText("dialog", "Bearer token");
    tab.fill("dialog [name=token]", "not the token");
    tab.clickButton("Use it");
    tab.untilText("dialog", "The node refused this one.");
    tab.fill("dialog [name=token]", ApiCluster.TOKEN);
    tab.clickButton("Use it");
    tab.until(
        "!document.querySelector('dialog') && document.querySelector('main .ids, main .empty')");
  }

  @AfterAll
  static void stopBrowser() {
    if (tools != null) {
      tools.close();
    }
    if (chromium != null) {
      chromium.close();
    }
  }

  @BeforeEach
  void lookAtIt() {
    tab.look(1280, 800, "light");
  }

  @AfterEach
  void nothingWasComplainedAbout() {
    assertThat(tab.complaints()).isEmpty();
  }

  @Test
  void findsAStreamByItsPrefixAndShowsItsEventsAsTheyAre() {
    append("meter-a", "Measured", "{\"value\":12345678901234567890,\"price\":1.10}");
    append("meter-a", "Noted", "{\"text\":\"" + HOSTILE + "\"}");
    append("other-" + HOSTILE.replace("/", ""), "Noted", "{}");

    show("/streams?prefix=other-");
    tab.untilText("main .ids", "other-<img src=x onerror");
    tab.press("/");
    tab.fill("input[type=search]", "meter-a");
    tab.untilText("main .ids", "meter-a");
    tab.press("Escape");
    tab.press("j");
    tab.press("Enter");

    tab.untilText("main h1", "meter-a");
    tab.untilText("main .head", "version 2");
    tab.until("document.querySelectorAll('main .event .body').length === 2");
    assertThat(tab.text("main .event:nth-child(1) .type")).isEqualTo("Noted");
    assertThat(tab.text("main .event:nth-child(1) .json")).contains("\"text\": \"" + HOSTILE);
    assertThat(tab.text("main .event:nth-child(2) .json"))
        .contains("\"value\": 12345678901234567890", "\"price\": 1.10");
    assertThat(tab.count("main .event img, main .event script")).isZero();
  }

  @Test
  void pagesThroughALongStreamInBothDirections() {
    StringBuilder batch = new StringBuilder();
    for (int i = 1; i <= 120; i++) {
      batch.append(i == 1 ? "[" : ",").append("{\"type\":\"T").append(i).append("\",\"data\":{}}");
    }
    post("/api/streams/long-1", batch.append("]").toString());

    show("/streams/long-1");
    tab.untilText("main .more", "50 of 120");
    tab.clickButton("More events");
    tab.untilText("main .more", "100 of 120");
    tab.clickButton("More events");
    tab.until("document.querySelectorAll('main .event').length === 120");
    assertThat(tab.text("main .event:last-child .type")).isEqualTo("T1");
    tab.clickButton("Oldest first");
    tab.untilText("main .event:first-child .type", "T1");
    tab.untilText("main .more", "50 of 120");
  }

  @Test
  void appendsAnEventAndShowsWhatAConflictIs() throws IOException {
    append("note-1", "NoteAdded", "{\"text\":\"first\"}");
    show("/streams/note-1");
    tab.untilText("main .head", "version 1");
    // Somebody else is faster.
    append("note-1", "NoteAdded", "{\"text\":\"in between\"}");

    tab.press("n");
    tab.fill("dialog [name=type]", "NoteAdded");
    tab.fill("dialog [name=data]", "{\"text\": oops}");
    tab.clickButton("Append");
    tab.untilText("dialog", "Not JSON");
    tab.fill("dialog [name=data]", "{\"text\": \"mine\"}");
    tab.clickButton("Append");

    tab.untilText("dialog .note", "Conflict: nothing was written");
    tab.untilText("dialog .note", "1 event came in between");
    assertThat(tab.text("dialog .note .counts").replaceAll("\\s+", " "))
        .isEqualTo("expected 1 actual 2");
    screenshot("conflict", 1280, "light");
    assertThat(get("/api/streams/note-1/version")).contains("2");

    tab.clickButton("Reload, and expect 2");
    tab.clickButton("Append");
    tab.untilText("main .head", "version 3");
    tab.untilText("main .event:first-child", "mine");
    assertThat(get("/api/streams/note-1")).contains("in between", "mine");
  }

  @Test
  void followsAStreamAndTheFeed() {
    append("tail-1", "Started", "{}");
    show("/streams/tail-1");
    tab.untilText("main .head", "version 1");
    tab.press("f");
    tab.untilText("main .head", "Following");
    append("tail-1", "WentOn", "{}");
    tab.untilText("main .event:first-child", "WentOn");
    tab.untilText("main .head", "version 2");

    show("/live?category=there-is-none");
    tab.untilText("main .head", "connected");
    show("/live?from=beginning&category=tail");
    tab.untilText("main .head", "connected");
    tab.untilText("main .event:first-child", "WentOn");
    append("tail-1", "Ended", "{}");
    tab.untilText("main .event:first-child", "Ended");
    assertThat(tab.count("main .event")).isEqualTo(3);
  }

  @Test
  void takesAnOrderFromStepToStep() throws IOException {
    show("/orders");
    tab.until("document.querySelector('main .empty, main table')");
    tab.press("n");
    tab.clickButton("Place it");
    tab.untilText("main .head", "version 1");

    tab.clickButton("Ship");
    tab.untilText("main .note", "Refused: an order that is PLACED cannot be shipped");
    tab.clickButton("Pay");
    tab.untilText("main .head", "version 2");
    for (int version = 3; version <= 5; version++) {
      tab.click("main .items button.main");
      tab.untilText("main .head", "version " + version);
    }
    tab.untilText("main .diff", "lines.2.picked");
    tab.clickButton("Ship");
    tab.untilText("main .head", "version 6");
    tab.clickButton("Return one");
    tab.untilText("main .head", "12.90 refunded");

    tab.choose("main [aria-label='From version']", "0");
    tab.untilText("main .diff thead", "At 0");
    tab.untilText("main .diff", "Ada Lovelace");
    for (String colours : new String[] {"light", "dark"}) {
      for (int width : new int[] {1280, 390}) {
        tab.look(width, 844, colours);
        screenshot("order", width, colours);
      }
    }

    show("/orders");
    tab.untilText("main table", "Ada Lovelace");
  }

  @Test
  void importsALogOnceAndExportsIt() throws IOException {
    Path log = folder.resolve("log.ndjson.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(log))) {
      for (int i = 1; i <= 300; i++) {
        String line =
            "{\"specversion\":\"1.0\",\"id\":\"import-%d\",\"source\":\"test\",\"subject\":\"imported-%d\",\"type\":\"Noted\",\"data\":{\"n\":%d}}\n";
        out.write(line.formatted(i, i % 10, i).getBytes(StandardCharsets.UTF_8));
      }
    }

    show("/transfer");
    tab.choose("main input[type=file]", log);
    tab.clickButton("Import");
    tab.untilText("main", "Done");
    assertThat(tab.text("main .counts").replaceAll("\\s+", " "))
        .isEqualTo("read 300 appended 300 there already 0 failed 0");
    tab.clickButton("Import");
    tab.untilText("main .counts", "there already300");
    tab.fill("main [name=prefix]", "imported-");
    tab.clickButton("Export");
    tab.untilText("main", "300 events, ");
  }

  @Test
  void showsTheClusterAndWhoOwnsAStream() {
    append("owned-1", "Noted", "{}");
    show("/cluster?watch=owned-1");
    tab.untilText("main .members", "this node");
    tab.untilText("main .member", "Up");
    tab.until("document.querySelectorAll('main .plot .series').length >= 2");
    tab.untilText("main", "owned-1shard ");
    tab.until(
        "[...document.querySelectorAll('main .member')].some(member =>"
            + " member.ariaLabel === document.querySelector('main .log code').textContent)");
  }

  @Test
  void obeysTheKeyboard() {
    show("/streams");
    tab.untilText("h1", "Streams");
    tab.press("g");
    tab.press("c");
    tab.untilText("h1", "Cluster");
    tab.press("?");
    tab.untilText("dialog[open]", "go to streams");
    tab.press("Escape");
    tab.until("!document.querySelector('dialog')");
    tab.press("t");
    tab.until("document.documentElement.dataset.theme === 'light'");
    tab.press("t");
    tab.until("document.documentElement.dataset.theme === 'dark'");
    tab.press("t");
    tab.until("document.documentElement.dataset.theme === undefined");
    tab.press("Tab");
    assertThat(tab.evaluate("document.activeElement.matches(':focus-visible')").asBoolean())
        .isTrue();
  }

  @Test
  void saysWhatIsMissingAndWhatFailed() {
    show("/streams?prefix=there-is-none");
    tab.untilText("main", "No stream begins so");
    show("/streams/there-is-none");
    tab.untilText("main", "This stream does not exist");
    show("/orders/order-there-is-none");
    tab.untilText("main", "There is no such order");
  }

  /** Every view, wide and narrow, light and dark; none is wider than the window. */
  @Test
  void fitsEveryWindow() throws IOException {
    append("shown-1", "NoteAdded", "{\"text\":\"for a picture\",\"count\":3}");
    for (int i = 1; i <= 12; i++) {
      post(
          "/api/orders/order-shown-%d/place".formatted(i),
          """
          {"customer":"Grace Hopper","items":[{"sku":"BK-0417","name":"Notebook","quantity":%d,"unitPrice":1290}],
           "shipTo":{"name":"Grace Hopper","street":"1 Navy Yard","postcode":"20374","city":"Washington"}}"""
              .formatted(i));
    }
    for (int width : new int[] {1280, 390, 360}) {
      for (String colours : new String[] {"light", "dark"}) {
        tab.look(width, width > 700 ? 800 : 844, colours);
        for (String view :
            new String[] {
              "streams?prefix=order-",
              "streams/shown-1",
              "live?from=beginning&category=order",
              "orders",
              "transfer",
              "cluster"
            }) {
          show("/" + view);
          tab.until(
              "document.querySelector('main h1') && !document.querySelector('main .skeleton')");
          assertThat(tab.evaluate("document.documentElement.scrollWidth").asInt())
              .as("width of %s in a window of %s", view, width)
              .isLessThanOrEqualTo(width);
          if (width != 360) {
            screenshot(view.replaceAll("/.*", "-one").replaceAll("\\?.*", ""), width, colours);
          }
        }
      }
    }
  }

  private static void screenshot(String name, int width, String colours) throws IOException {
    tab.screenshot(
        Path.of("target", "screenshots", "%s-%s-%d.png".formatted(name, colours, width)));
  }

  private static void show(String view) {
    // The fragment alone would not load the page anew.
    tab.open("about:blank");
    tab.open(api.node(0).resolve("/#" + view).toString());
  }

  private void append(String stream, String type, String data) {
    post(
        "/api/streams/" + URLEncoder.encode(stream, StandardCharsets.UTF_8).replace("+", "%20"),
        "{\"type\":\"%s\",\"data\":%s}".formatted(type, data));
  }

  private void post(String path, String json) {
    ApiCluster.Answer answer = api.post(1, path, json);
    assertThat(answer.status()).as(answer::toString).isEqualTo(201);
  }

  private String get(String path) {
    return api.get(1, path).json().toString();
  }
}

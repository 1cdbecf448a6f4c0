// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;

/** A tab of a browser, used as a person would: by keyboard and mouse, and by looking at it. */
final class BrowserTab {

  private final DevTools tools;
  private final String session;
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  BrowserTab(DevTools tools) {
    this.tools = tools;
    String target =
        tools
            .call(null, "Target.createTarget", Map.of("url", "about:blank"))
            .get("targetId")
            .asText();
    session =
        tools
            .call(null, "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
            .get("sessionId")
            .asText();
    tools.onEvent(this::listen);
    call("Page.enable", Map.of());
    call("Runtime.enable", Map.of());
    call("Log.enable", Map.of());
  }

  private JsonNode call(String method, Map<String, ?> parameters) {
    return tools.call(session, method, parameters);
  }

  private void listen(JsonNode event) {
    JsonNode params = event.path("params");
    switch (event.path("method").asText()) {
      case "Runtime.exceptionThrown" -> complaints.add(params.toString());
      // A refused request is logged too; the test causes some.
      case "Log.entryAdded" -> {
        JsonNode entry = params.path("entry");
        if (entry.path("level").asText().equals("error")
            && !entry.path("source").asText().equals("network")) {
          complaints.add(entry.toString());
        }
      }
      // An alert would stop the page: it could only be one that an event has brought in.
      case "Page.javascriptDialogOpening" -> complaints.add("a script of the data ran: " + params);
      default -> {}
    }
  }

  /** Exceptions of scripts, and what the content security policy has refused. */
  List<String> complaints() {
    return complaints;
  }

  void look(int width, int height, String colours) {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 700));
    call(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", colours),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  void open(String url) {
    call("Page.navigate", Map.of("url", url));
  }

  /** The value of an expression; a promise is waited for. */
  JsonNode evaluate(String expression) {
    JsonNode result =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    if (result.has("exceptionDetails")) {
      throw new IllegalStateException(expression + " threw " + result.get("exceptionDetails"));
    }
    return result.path("result").path("value");
  }

  /** Waits until an expression is true. */
  void until(String expression) {
    Awaitility.await(expression)
        .pollInterval(Duration.ofMillis(40))
        .untilAsserted(
            () ->
                assertThat(evaluate("Boolean(" + expression + ")").asBoolean())
                    .as(() -> "%s; the page: %s".formatted(complaints, text("body")))
                    .isTrue());
  }

  /** Waits until the text of an element contains what is given. */
  void untilText(String selector, String part) {
    until(element(selector) + "?.textContent.includes(" + quote(part) + ")");
  }

  String text(String selector) {
    return evaluate(element(selector) + "?.innerText ?? ''").asText();
  }

  int count(String selector) {
    return evaluate("document.querySelectorAll(" + quote(selector) + ").length").asInt();
  }

  /** Clicks the middle of the first element that matches, when there is one that is enabled. */
  void click(String selector) {
    String element = element(selector);
    // What is shown with an animation stays where it is once that has ended.
    until(
        element
            + " && !"
            + element
            + ".disabled && document.getAnimations().every(a => a.playState !== 'running' || a.effect?.getTiming().iterations === Infinity)");
    JsonNode middle =
        evaluate(
            "(e => { e.scrollIntoView({block: 'center', behavior: 'instant'});"
                + " const r = e.getBoundingClientRect();"
                + " return {x: r.x + r.width / 2, y: r.y + r.height / 2}; })("
                + element
                + ")");
    for (String type : List.of("mouseMoved", "mousePressed", "mouseReleased")) {
      call(
          "Input.dispatchMouseEvent",
          Map.of(
              "type",
              type,
              "x",
              middle.get("x"),
              "y",
              middle.get("y"),
              "button",
              "left",
              "clickCount",
              1));
    }
  }

  /** Clicks the first button that has this text, in the dialog if one is open. */
  void clickButton(String text) {
    String buttons =
        "[...(document.querySelector('dialog[open]') ?? document).querySelectorAll('button')]";
    until(
        buttons
            + ".find(e => e.textContent === "
            + quote(text)
            + " && !e.disabled && !e.setAttribute('data-test', ''))");
    click("[data-test]");
    evaluate("document.querySelector('[data-test]')?.removeAttribute('data-test')");
  }

  /** Replaces the text of a field, by typing. */
  void fill(String selector, String text) {
    until(element(selector));
    evaluate(element(selector) + ".focus(), " + element(selector) + ".select?.()");
    call("Input.insertText", Map.of("text", text));
  }

  void choose(String selector, String value) {
    until(element(selector));
    evaluate(
        "(e => { e.value = "
            + quote(value)
            + "; e.dispatchEvent(new Event('change', {bubbles: true})); })("
            + element(selector)
            + ")");
  }

  void choose(String selector, Path file) {
    until(element(selector));
    JsonNode object =
        call("Runtime.evaluate", Map.of("expression", element(selector))).path("result");
    call(
        "DOM.setFileInputFiles",
        Map.of("files", List.of(file.toString()), "objectId", object.get("objectId").asText()));
  }

  /** Presses a key: a character, or {@code Enter}, {@code Tab}, {@code Escape}. */
  void press(String key) {
    boolean character = key.length() == 1;
    Map<String, Object> down =
        character
            ? Map.of("type", "keyDown", "key", key, "text", key)
            : key.equals("Enter")
                ? Map.of(
                    "type",
                    "keyDown",
                    "key",
                    key,
                    "code",
                    key,
                    "text",
                    "\r",
                    "windowsVirtualKeyCode",
                    13)
                : Map.of(
                    "type",
                    "keyDown",
                    "key",
                    key,
                    "code",
                    key,
                    "windowsVirtualKeyCode",
                    key.equals("Tab") ? 9 : 27);
    call("Input.dispatchKeyEvent", down);
    call("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key));
  }

  void screenshot(Path file) throws IOException {
    JsonNode image = call("Page.captureScreenshot", Map.of("format", "png"));
    Files.createDirectories(file.getParent());
    Files.write(file, Base64.getDecoder().decode(image.get("data").asText()));
  }

  private static String element(String selector) {
    return "document.querySelector(" + quote(selector) + ")";
  }

  private static String quote(String text) {
    return TextNode.valueOf(text).toString();
  }
}

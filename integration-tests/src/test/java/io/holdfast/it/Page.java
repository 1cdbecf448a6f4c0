// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page of the documentation: its blocks of code, its links and what they can point to. */
record Page(Path file, String text) {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final Pattern BLOCK =
      Pattern.compile("^( *)```(\\S*)\n(.*?)^\\1```$", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.+)$", Pattern.MULTILINE);
  private static final Pattern INLINE_LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
  private static final Pattern LABEL = Pattern.compile("^\\[([^]]+)]: +(\\S+)$", Pattern.MULTILINE);
  private static final Pattern LABEL_USED = Pattern.compile("\\[([^]\\[]+)](?![(\\[:])");

  /**
   * A fenced block.
   *
   * @param language what stands after the opening fence; empty for nothing
   * @param line of the opening fence, from 1
   */
  record Block(String language, int line, String code) {}

  /** README.md, CONTRIBUTING.md, CHANGELOG.md and all pages of docs/. */
  static List<Page> all() {
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      return Stream.concat(top, docs)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .map(Page::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Page read(Path file) {
    try {
      return new Page(file, Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Block> blocks() {
    return BLOCK.matcher(text).results().map(this::block).toList();
  }

  private Block block(MatchResult found) {
    int line = 1 + (int) text.substring(0, found.start()).chars().filter(c -> c == '\n').count();
    return new Block(found.group(2), line, found.group(3).replaceAll("(?m)^" + found.group(1), ""));
  }

  /** The targets of all links that lead to files of the project, as they are written. */
  Set<String> localLinks() {
    Set<String> links = new HashSet<>();
    INLINE_LINK.matcher(prose()).results().forEach(link -> links.add(link.group(1)));
    links.addAll(labels().values());
    links.removeIf(link -> link.matches("[a-z]+:.*"));
    return links;
  }

  /** The labels of links such as {@code [label]} that the page does not define. */
  Set<String> undefinedLabels() {
    Set<String> used = new HashSet<>();
    LABEL_USED.matcher(prose()).results().forEach(label -> used.add(label.group(1)));
    used.removeAll(labels().keySet());
    return used;
  }

  private Map<String, String> labels() {
    Map<String, String> labels = new HashMap<>();
    LABEL.matcher(text).results().forEach(label -> labels.put(label.group(1), label.group(2)));
    return labels;
  }

  /** The anchors of the page's headings, as GitHub makes them. */
  Set<String> anchors() {
    Set<String> anchors = new HashSet<>();
    for (Matcher heading = HEADING.matcher(withoutBlocks()); heading.find(); ) {
      String anchor =
          heading
              .group(1)
              .replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
              .toLowerCase(Locale.ROOT)
              .replaceAll("[^\\p{L}\\p{N} _-]", "")
              .replace(' ', '-');
      String unique = anchor;
      for (int i = 1; !anchors.add(unique); i++) {
        unique = anchor + "-" + i;
      }
    }
    return anchors;
  }

  /** Why the link leads nowhere; empty if it leads somewhere. */
  List<String> faults(String link) {
    List<String> faults = new ArrayList<>();
    int hash = link.indexOf('#');
    String path = hash < 0 ? link : link.substring(0, hash);
    Path target = path.isEmpty() ? file : file.resolveSibling(path).normalize();
    if (!Files.exists(target)) {
      faults.add("%s: no such file: %s".formatted(this, link));
    } else if (hash >= 0
        && target.toString().endsWith(".md")
        && !(path.isEmpty() ? this : read(target)).anchors().contains(link.substring(hash + 1))) {
      faults.add("%s: no such heading: %s".formatted(this, link));
    }
    return faults;
  }

  private String prose() {
    return withoutBlocks().replaceAll("`[^`\n]*`", "");
  }

  private String withoutBlocks() {
    return BLOCK.matcher(text).replaceAll("");
  }

  @Override
  public String toString() {
    return ROOT.relativize(file).toString();
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xml.sax.InputSource;

/**
 * What stands in README.md and docs/ holds by itself.
 *
 * <ul>
 *   <li>Each block of Java is a source file as it stands, with its imports. Nothing is put around
 *       it. The blocks of a page are compiled together, so that a later one may use the types of an
 *       earlier one.
 *   <li>Each block of HOCON parses, and its settings of Holdfast are settings of Holdfast.
 *   <li>Each block of XML or JSON parses; each block names its language.
 *   <li>Each link leads to a file that is there, and to a heading that this file has.
 * </ul>
 */
class DocumentationTest {
  private static final Set<String> LANGUAGES =
      Set.of("java", "hocon", "xml", "json", "sql", "sh", "mermaid", "text");

  /** Its keys are the names of data centres. */
  private static final String REPLICATION = "holdfast.cassandra.schema.replication.";

  /** Java from a page. */
  private static final class Source extends SimpleJavaFileObject {
    private final String code;

    Source(Page page, Page.Block block) {
      super(URI.create("block:///" + page + "/line" + block.line() + ".java"), Kind.SOURCE);
      this.code = block.code();
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return code;
    }

    /** A block has no file name that a public class could contradict. */
    @Override
    public boolean isNameCompatible(String simpleName, Kind kind) {
      return kind == Kind.SOURCE;
    }
  }

  private static Stream<Page> pages() {
    return Page.all().stream();
  }

  private static List<Page.Block> blocks(Page page, String language) {
    return page.blocks().stream().filter(block -> block.language().equals(language)).toList();
  }

  private static Stream<Page> pagesWithJava() {
    return pages().filter(page -> !blocks(page, "java").isEmpty());
  }

  @ParameterizedTest
  @MethodSource("pagesWithJava")
  void compilesAsItStands(Page page, @TempDir Path classes) throws Exception {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(found, null, null)) {
      boolean compiled =
          compiler
              .getTask(
                  null,
                  files,
                  found,
                  List.of("-proc:none", "-Xlint:none", "-d", classes.toString()),
                  null,
                  blocks(page, "java").stream().map(block -> new Source(page, block)).toList())
              .call();
      assertThat(compiled).as("%s", found.getDiagnostics()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void namesTheLanguageOfEachBlock(Page page) {
    assertThat(page.blocks()).allSatisfy(block -> assertThat(block.language()).isIn(LANGUAGES));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void parsesAsItStands(Page page) {
    ObjectMapper json = new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    assertThat(blocks(page, "json"))
        .allSatisfy(
            block ->
                assertThatCode(
                        () -> json.readerFor(Object.class).readValues(block.code()).readAll())
                    .doesNotThrowAnyException());
    assertThat(blocks(page, "xml"))
        .allSatisfy(
            block ->
                assertThatCode(
                        () ->
                            DocumentBuilderFactory.newInstance()
                                .newDocumentBuilder()
                                .parse(
                                    new InputSource(
                                        new StringReader("<all>" + block.code() + "</all>"))))
                    .doesNotThrowAnyException());
  }

  @ParameterizedTest
  @MethodSource("pages")
  void setsWhatCanBeSet(Page page) {
    Config reference = ConfigFactory.defaultReference();
    for (Page.Block block : blocks(page, "hocon")) {
      String withoutEnvironment = block.code().replaceAll("\\$\\{[A-Z_]+}", "set");
      Config config = ConfigFactory.parseString(withoutEnvironment).resolveWith(reference);
      assertThat(config.entrySet())
          .isNotEmpty()
          .allSatisfy(
              setting ->
                  assertThat(
                          !setting.getKey().startsWith("holdfast.")
                              || setting.getKey().startsWith(REPLICATION)
                              || reference.hasPathOrNull(setting.getKey()))
                      .as("%s, line %d: %s", page, block.line(), setting.getKey())
                      .isTrue());
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void leadsSomewhere(Page page) {
    assertThat(page.localLinks()).flatMap(page::faults).isEmpty();
    assertThat(page.undefinedLabels()).isEmpty();
  }

  @Test
  void findsWhatIsWrong() {
    Page page =
        new Page(
            Path.of("../docs/reading.md").toAbsolutePath().normalize(),
            """
            # One `head|ing`, of [two](feed.md)

            ## Twice

            ## Twice

            [a](#one-heading-of-two) [b](#twice-1) [c](feed.md#offsets) [d](../pom.xml) `[e](none)`
            [f](none.md) [g](#none) [h](feed.md#none) [i] [j] [k](https://example.com)

            [i]: ../none

               ```java
               class A {}
               ```
            """);
    assertThat(page.localLinks().stream().flatMap(link -> page.faults(link).stream()))
        .containsExactlyInAnyOrder(
            "docs/reading.md: no such file: none.md",
            "docs/reading.md: no such file: ../none",
            "docs/reading.md: no such heading: #none",
            "docs/reading.md: no such heading: feed.md#none");
    assertThat(page.undefinedLabels()).containsExactly("j");
    assertThat(page.blocks()).containsExactly(new Page.Block("java", 12, "class A {}\n"));
  }
}

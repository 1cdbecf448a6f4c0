// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class BarChartTest {
  private static final BarChart.Bar LONG = bar("long", 1_000, 800, 1_000);
  private static final BarChart.Bar SHORT = bar("short & <sweet>", 250, 250, 300);

  @Test
  void barsOfAGroupAreAsLongAsTheirValues() throws Exception {
    List<Double> widths = widths(chart(new BarChart.Group("one", List.of(LONG, SHORT))));

    assertThat(widths.get(0)).isEqualTo(4 * widths.get(1));
  }

  @Test
  void aGroupsLongestBarTakesTheSameRoomWhateverItsValue() throws Exception {
    List<Double> widths =
        widths(
            chart(
                new BarChart.Group("one", List.of(LONG)),
                new BarChart.Group("two", List.of(bar("tiny", 0.5, 0.5, 0.5)))));

    assertThat(widths.get(0)).isEqualTo(widths.get(1));
  }

  @Test
  void partsStandBesideEachOther() throws Exception {
    Document drawing =
        chart(
            new BarChart.Group(
                "one", List.of(new BarChart.Bar("both", List.of(3.0, 1.0), 4, 4, "#123456", ""))));
    List<Element> parts = bars(drawing);

    assertThat(attribute(parts.get(0), "width")).isEqualTo(3 * attribute(parts.get(1), "width"));
    assertThat(attribute(parts.get(1), "x"))
        .isEqualTo(attribute(parts.get(0), "x") + attribute(parts.get(0), "width"));
  }

  @Test
  void showsTextsAsTheyAre() throws Exception {
    Document drawing = chart(new BarChart.Group("one \"two\"", List.of(LONG, SHORT)));
    NodeList texts = drawing.getElementsByTagName("text");

    assertThat(IntStream.range(0, texts.getLength()).mapToObj(i -> texts.item(i).getTextContent()))
        .contains("Rates", "one \"two\"", "long", "short & <sweet>");
  }

  private static BarChart.Bar bar(String label, double value, double low, double high) {
    return new BarChart.Bar(label, List.of(value), low, high, "#123456", "text");
  }

  private static Document chart(BarChart.Group... groups) throws Exception {
    String svg = new BarChart("Rates", List.of(), List.of(groups)).svg();
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  private static List<Double> widths(Document drawing) {
    return bars(drawing).stream().map(bar -> attribute(bar, "width")).toList();
  }

  private static List<Element> bars(Document drawing) {
    NodeList rectangles = drawing.getElementsByTagName("rect");
    return IntStream.range(0, rectangles.getLength())
        .mapToObj(i -> (Element) rectangles.item(i))
        .filter(rectangle -> rectangle.hasAttribute("fill"))
        .toList();
  }

  private static double attribute(Element element, String name) {
    return Double.parseDouble(element.getAttribute(name));
  }
}

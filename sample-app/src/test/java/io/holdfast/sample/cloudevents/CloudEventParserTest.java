// SPDX-License-Identifier: Apache-2.0
package io.holdfast.sample.cloudevents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.eventstore.EventMetadata;
import io.holdfast.eventstore.NewEvent;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloudEventParserTest {
  private static final String REQUIRED =
      "'specversion':'1.0','id':'e1','source':'shop','type':'Placed','subject':'order-1'";

  private final CloudEventParser parser = new CloudEventParser(new EventLimits(20, 1_000));

  @Test
  void keepsStreamIdTypeAndPayload() throws Exception {
    CloudEventParser.Parsed parsed = parse("{" + REQUIRED + ",'data':{'amount':12.50,'tags':[]}}");

    assertThat(parsed.streamId()).isEqualTo("order-1");
    assertThat(parsed.event().id()).isEqualTo("e1");
    assertThat(parsed.event().type()).isEqualTo("Placed");
    assertThat(parsed.event().payload()).hasToString("{\"amount\":12.50,\"tags\":[]}");
  }

  @Test
  void putsUserSourceTimeAndExtensionsIntoMetadata() throws Exception {
    NewEvent<JsonNode> event =
        event(
            "{"
                + REQUIRED
                + ",'time':'2026-01-05T08:00:00.5+01:00','userid':'ada','correlationid':'c1'"
                + ",'causationid':'e0','priority':3,'express':true,'region':'north','dataschema':'s:1'}");

    assertThat(event.metadata())
        .isEqualTo(
            EventMetadata.empty()
                .withUserId("ada")
                .withCorrelationId("c1")
                .withCausationId("e0")
                .with("source", "shop")
                .with("time", "2026-01-05T08:00:00.5+01:00")
                .with("dataschema", "s:1")
                .with("priority", 3)
                .with("express", true)
                .with("region", "north"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'data':'text'                                  | \"\"\"text\"\"\"",
        "'data':'<a/>','datacontenttype':'text/xml'     | \"\"\"<a/>\"\"\"",
        "'data':17                                      | 17",
        "'data':null                                    | null",
        "'data_base64':'AQID'                           | \"\"\"AQID\"\"\"",
        "'userid':null                                  | null"
      })
  void takesDataOfAnyKind(String field, String payload) throws Exception {
    NewEvent<JsonNode> event = event("{" + REQUIRED + "," + field + "}");

    assertThat(event.payload()).hasToString(payload);
    assertThat(event.metadata().userId()).isNull();
  }

  @Test
  void keepsEveryDigitOfNumbers() throws Exception {
    String number = "0.12345678901234567890123456789";

    assertThat(event("{" + REQUIRED + ",'data':" + number + "}").payload()).hasToString(number);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "hello                                                        | no JSON",
        "{'specversion':'1.0'                                         | no JSON",
        "{} {}                                                        | no JSON",
        "{'id':'a','id':'b'}                                          | no JSON: Duplicate field 'id'",
        "[]                                                           | no JSON object",
        "17                                                           | no JSON object",
        "{'id':'a'}                                                   | 'specversion' is missing",
        "{'specversion':'0.3'}                                        | only '1.0' is understood",
        "{'specversion':'1.0','source':'s','type':'t'}                | mandatory id",
        "{'specversion':'1.0','id':'a','source':'s','subject':'x'}    | mandatory type",
        "{'specversion':'1.0','id':'a','type':'t','subject':'x'}      | mandatory source",
        "{'specversion':'1.0','id':1,'source':'s','type':'t'}         | Wrong type NUMBER for attribute id",
        "{'specversion':'1.0','id':'a','source':'s','type':'t'}       | no 'subject'",
      })
  void namesWhatIsWrongWithALine(String line, String reason) {
    assertThatThrownBy(() -> parse(line))
        .isInstanceOf(BrokenLineException.class)
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"'time':'yesterday'", "'Wrong_Name':1", "'ratio':1.5"})
  void refusesInvalidAttributes(String field) {
    assertThatThrownBy(() -> parse("{" + REQUIRED + "," + field + "}"))
        .isInstanceOf(BrokenLineException.class)
        .hasMessageStartingWith("no CloudEvent: ");
  }

  @Test
  void refusesIdsThatTheStoreWouldRefuse() {
    String line = "{'specversion':'1.0','id':'e1','source':'shop','type':'Placed','subject':'%s'}";

    assertThatThrownBy(() -> parse(line.formatted("x".repeat(21))))
        .isInstanceOf(BrokenLineException.class)
        .hasMessageContaining("'subject' has 21 characters; the most is 20");
    assertThatThrownBy(() -> parse(line.formatted("")))
        .isInstanceOf(BrokenLineException.class)
        .hasMessageContaining("'subject' is empty");
  }

  @Test
  void refusesEventsThatAreTooLarge() {
    assertThatThrownBy(() -> parse("{" + REQUIRED + ",'data':'" + "x".repeat(1_000) + "'}"))
        .isInstanceOf(BrokenLineException.class)
        .hasMessageContaining("the most is 1000");
  }

  private NewEvent<JsonNode> event(String line) throws BrokenLineException {
    return parse(line).event();
  }

  private CloudEventParser.Parsed parse(String line) throws BrokenLineException {
    return parser.parse(line.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }
}

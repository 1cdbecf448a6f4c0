// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.tracing;

import io.opentelemetry.api.common.AttributeKey;

/** The names that spans use; {@code docs/tracing.md} explains each. */
final class SpanAttributes {
  static final AttributeKey<String> STREAM_ID = AttributeKey.stringKey("holdfast.stream.id");
  static final AttributeKey<Long> STREAM_VERSION = AttributeKey.longKey("holdfast.stream.version");
  static final AttributeKey<Long> STREAM_COUNT = AttributeKey.longKey("holdfast.stream.count");
  static final AttributeKey<String> EXPECTED_VERSION =
      AttributeKey.stringKey("holdfast.expected_version");
  static final AttributeKey<Long> EVENT_COUNT = AttributeKey.longKey("holdfast.event.count");
  static final AttributeKey<String> EVENT_ID = AttributeKey.stringKey("holdfast.event.id");
  static final AttributeKey<String> EVENT_TYPE = AttributeKey.stringKey("holdfast.event.type");
  static final AttributeKey<Long> EVENT_VERSION = AttributeKey.longKey("holdfast.event.version");
  static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("holdfast.outcome");
  static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

  private SpanAttributes() {}
}

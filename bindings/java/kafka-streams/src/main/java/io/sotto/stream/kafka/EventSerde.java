package io.sotto.stream.kafka;

import io.sotto.stream.EventJson;
import io.sotto.stream.StreamEvent;
import org.apache.kafka.common.serialization.Serdes;

/**
 * Events as JSON. Another format needs a {@code Serde<StreamEvent>} with a public constructor without parameters, which
 * the worker is told by {@code --event-serde}. An exception of its deserializer makes the record a bad one.
 */
public final class EventSerde extends Serdes.WrapperSerde<StreamEvent> {
  /** Makes the serde. */
  public EventSerde() {
    super((topic, event) -> EventJson.write(event), (topic, bytes) -> EventJson.read(bytes));
  }
}

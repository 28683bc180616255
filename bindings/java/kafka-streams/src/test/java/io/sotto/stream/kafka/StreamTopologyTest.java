package io.sotto.stream.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sotto.stream.FoldState;
import io.sotto.stream.GeneratedEvents;
import io.sotto.stream.ModelVersions;
import io.sotto.stream.RecommendedList;
import io.sotto.stream.Referee;
import io.sotto.stream.RefusedEvent;
import io.sotto.stream.Snapshot;
import io.sotto.stream.TestVersions;
import io.sotto.stream.UserFold;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.UsePartitionTimeOnInvalidTimestamp;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StreamTopologyTest {
  private static final int TOP = 5;

  @TempDir Path folder;
  private final ModelVersions versions = new ModelVersions(TestVersions.SHIPPED);
  private final List<String> items = versions.current().itemIds();
  private final StreamFigures figures = new StreamFigures();
  private TopologyTestDriver driver;
  private TestInputTopic<byte[], byte[]> events;
  private TestOutputTopic<byte[], byte[]> lists;
  private TestOutputTopic<byte[], byte[]> deadLetters;
  private TestOutputTopic<byte[], byte[]> metrics;

  private void start(boolean listsEachEvent, int liveUsers) {
    TopologySettings settings =
        new TopologySettings(
            "events", "recommendations", "feedback-metrics", "dead-letter", TOP, listsEachEvent, true, liveUsers);
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.resolve("state").toString());
    properties.put(
        StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, UsePartitionTimeOnInvalidTimestamp.class);
    driver = new TopologyTestDriver(StreamTopology.build(settings, versions, new EventSerde(), figures), properties);
    events = driver.createInputTopic("events", new ByteArraySerializer(), new ByteArraySerializer());
    lists = output("recommendations");
    deadLetters = output("dead-letter");
    metrics = output("feedback-metrics");
  }

  private TestOutputTopic<byte[], byte[]> output(String topic) {
    return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @AfterEach
  void close() {
    if (driver != null) driver.close();
    driver = null;
  }

  @AfterEach
  void closeVersions() {
    versions.close();
  }

  private void send(String user, String json) {
    events.pipeInput(user.getBytes(UTF_8), json.getBytes(UTF_8), 1_760_000_000_500L);
  }

  private void click(String user, int item) {
    send(user, "{\"id\":\"" + items.get(item) + "\"}");
  }

  private static String header(TestRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  /** The last list of each user. */
  private Map<String, String> lastLists() {
    Map<String, String> last = new HashMap<>();
    while (!lists.isEmpty()) {
      TestRecord<byte[], byte[]> record = lists.readRecord();
      last.put(new String(record.key(), UTF_8), new String(record.value(), UTF_8));
    }
    return last;
  }

  private static Map<String, String> json(Map<String, RecommendedList> lists) {
    Map<String, String> texts = new HashMap<>();
    lists.forEach((user, list) -> texts.put(user, new String(list.toJson(), UTF_8)));
    return texts;
  }

  @Test
  void eachEventGivesAList() {
    start(true, 10);
    click("ada", 0);
    click("ada", 1);
    List<String> values = lists.readValuesToList().stream().map(value -> new String(value, UTF_8)).toList();
    assertEquals(2, values.size());
    assertTrue(values.get(0).startsWith("{\"user\":\"ada\",\"events\":1,"), values.get(0));
    assertTrue(values.get(1).contains("\"events\":2,"), values.get(1));
    assertTrue(values.get(1).contains("\"at\":1760000000,"), values.get(1));
  }

  @Test
  void listsThatNobodyAskedForAreNotMade() {
    start(false, 10);
    click("ada", 0);
    assertTrue(lists.isEmpty());
    assertEquals(1, figures.folded.sum());
  }

  @Test
  void refusedRecordsAreDeadLetters() {
    start(true, 10);
    click("ada", 0);
    byte[] before = lists.readValue();
    send("ada", "no JSON");
    send("ada", "{\"id\":\"no such item\"}");
    send("ada", "{\"id\":\"" + items.get(0) + "\",\"kind\":\"rating\",\"amount\":2}");
    send("\n", "{\"id\":\"" + items.get(0) + "\"}");
    events.pipeInput(null, "{}".getBytes(UTF_8), 5L);
    events.pipeInput("ada".getBytes(UTF_8), null, 5L);
    List<TestRecord<byte[], byte[]>> dead = deadLetters.readRecordsToList();
    assertEquals(
        List.of("bad_record", "unknown_item", "bad_amount", "bad_key", "bad_key", "bad_record"),
        dead.stream().map(record -> header(record, "sotto-reason")).toList());
    assertEquals("no JSON", new String(dead.get(0).value(), UTF_8));
    assertEquals("ada", new String(dead.get(0).key(), UTF_8));
    assertTrue(header(dead.get(1), "sotto-detail").contains("no such item"));
    assertTrue(lists.isEmpty());
    assertEquals(2, figures.refused.get(RefusedEvent.Reason.BAD_KEY).sum());
    click("ada", 1); // the state is as if the refused records had not been there
    assertTrue(new String(lists.readValue(), UTF_8).contains("\"events\":2,"));
    assertTrue(new String(before, UTF_8).contains("\"events\":1,"));
  }

  @Test
  void repeatedAndLateEventsAreCounted() {
    start(true, 10);
    String event = "{\"id\":\"" + items.get(0) + "\",\"at\":100,\"event_id\":\"e1\"}";
    send("ada", event);
    send("ada", event);
    send("grace", event); // another user's id is another id
    send("ada", "{\"id\":\"" + items.get(1) + "\",\"at\":99}");
    assertEquals(3, lists.readValuesToList().size());
    assertEquals(1, figures.duplicates.sum());
    assertEquals(1, figures.late.sum());
    assertTrue(deadLetters.isEmpty());
  }

  @Test
  void usersInMemoryAndRestoredOnesAreTheSame() {
    List<GeneratedEvents.Raw> records = GeneratedEvents.records(items, 1500, 10, 1);
    Referee.Verdict verdict = Referee.judge(records, versions, TOP);
    assertTrue(verdict.late() > 0 && verdict.duplicates() > 0, verdict.toString());
    assertTrue(verdict.lists().values().stream().anyMatch(list -> list.events() > 2 * 32));
    for (int liveUsers : new int[] {1000, 1}) {
      start(true, liveUsers);
      for (GeneratedEvents.Raw record : records) events.pipeInput(record.key(), record.value(), record.timestamp());
      assertEquals(json(verdict.lists()), lastLists(), "with " + liveUsers + " in memory");
      close();
    }
    assertEquals(2L * verdict.folded(), figures.folded.sum());
    assertTrue(figures.restored.sum() > 500);
  }

  @Test
  void newVersionTakesUsersOverInTheMiddle() {
    List<GeneratedEvents.Raw> records = GeneratedEvents.records(items, 800, 10, 2);
    Path other = TestVersions.without(items.get(items.size() - 1), folder);
    String fingerprint = TestVersions.fingerprint(other);
    start(true, 5);
    Map<String, Long> switches = new HashMap<>();
    for (int number = 0; number < records.size(); ++number) {
      if (number == 400) {
        versions.know(fingerprint, other);
        versions.makeCurrent(fingerprint);
      }
      GeneratedEvents.Raw record = records.get(number);
      events.pipeInput(record.key(), record.value(), record.timestamp());
      if (number < 400) continue;
      while (!lists.isEmpty()) {
        String list = new String(lists.readValue(), UTF_8);
        if (!list.contains(fingerprint)) continue;
        String user = list.substring(9, list.indexOf("\",\"events\""));
        String count = list.substring(list.indexOf("\"events\":") + 9, list.indexOf(",\"model\""));
        switches.putIfAbsent(user, Long.valueOf(count));
      }
    }
    assertEquals(10, switches.size());
    assertEquals(10, figures.carriedOver.sum());
    try (ModelVersions before = new ModelVersions(TestVersions.SHIPPED)) {
      Referee.Verdict verdict = Referee.judge(records, before, versions, switches, TOP);
      for (RecommendedList list : verdict.lists().values()) {
        assertEquals(list, restored(list.user()), list.user());
      }
    }
  }

  /** A user's list from the stores alone. */
  private RecommendedList restored(String user) {
    UserFold fold = new UserFold(versions);
    byte[] snapshot = driver.<String, byte[]>getKeyValueStore(StreamTopology.SNAPSHOTS).get(user);
    try (FoldState state =
        fold.restore(Snapshot.decode(snapshot), LogKey.read(driver.getKeyValueStore(StreamTopology.LOG), user))) {
      return fold.recommend(user, state, TOP, true);
    }
  }

  @Test
  void choicesAreCountedByTheirRank() {
    start(true, 1);
    click("ada", 0);
    String list = new String(lists.readValue(), UTF_8);
    String second = list.split("\"items\":\\[")[1].split("\"")[3];
    send("ada", "{\"id\":\"" + second + "\",\"kind\":\"cart\"}");
    click("grace", 0); // no list before it; it also moves the only place in memory
    send("ada", "{\"id\":\"" + items.get(items.size() - 1) + "\"}"); // in no list
    assertTrue(metrics.isEmpty());
    driver.advanceWallClockTime(FoldProcessor.METRICS_INTERVAL);
    TestRecord<byte[], byte[]> record = metrics.readRecord();
    String model = versions.current().info().fingerprint();
    assertEquals(model + "/1759999800/0", new String(record.key(), UTF_8));
    assertEquals(
        "{\"model\":\"" + model + "\",\"partition\":0,\"from\":1759999800,\"to\":1760000100,\"choices\":2,\"ranks\":[0,1]}",
        new String(record.value(), UTF_8));
    driver.advanceWallClockTime(FoldProcessor.METRICS_INTERVAL);
    assertTrue(metrics.isEmpty());
  }

  @Test
  void figuresAreInPrometheusFormat() {
    start(true, 10);
    click("ada", 0);
    send("ada", "no JSON");
    String text = figures.text(new StreamFigures.Lag(true, Map.of(3, 17L)));
    for (String line :
        List.of(
            "sotto_stream_events_folded_total 1",
            "sotto_stream_dead_letters_total{reason=\"bad_record\"} 1",
            "sotto_stream_list_seconds_count 1",
            "sotto_stream_lag_records{partition=\"3\"} 17",
            "sotto_stream_running 1")) {
      assertTrue(text.contains(line + "\n"), text);
    }
  }

  @Test
  void logKeysOfUsersDoNotMix() {
    start(true, 1);
    click("a", 0);
    click("ab", 1);
    click("a", 2);
    assertEquals(2, LogKey.read(driver.getKeyValueStore(StreamTopology.LOG), "a").size());
    assertEquals(1, LogKey.read(driver.getKeyValueStore(StreamTopology.LOG), "ab").size());
    assertArrayEquals(new byte[] {'a', 0, 1}, LogKey.of("a", 33).get());
  }
}

package io.sotto.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The same fold in C++, without Kafka and without Java: {@code sotto stream --replay}. */
public final class Replay {
  private static final Pattern USER = Pattern.compile("\\{\"user\":\"([^\"]*)\",.*");

  private Replay() {}

  /** Each user's last list with the checksum of the state, as JSON. The folder gets the log of the records. */
  public static Map<String, String> lists(List<GeneratedEvents.Raw> records, int top, Path folder)
      throws IOException, InterruptedException {
    Path log = folder.resolve("events.jsonl");
    Files.write(log, records.stream().map(Replay::line).toList());
    Path out = folder.resolve("lists.jsonl");
    List<String> command =
        List.of(
            System.getProperty("sotto.test.cli"), "stream", "--replay", log.toString(), "--model",
            TestVersions.SHIPPED.toString(), "--top", String.valueOf(top), "--out", out.toString(), "--dead-letter",
            folder.resolve("dead_letters.jsonl").toString());
    Path said = folder.resolve("replay.log");
    int status =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start().waitFor();
    assertEquals(0, status, Files.readString(said));
    return byUser(Files.readAllLines(out));
  }

  private static Map<String, String> byUser(List<String> lists) {
    Map<String, String> users = new TreeMap<>();
    for (String list : lists) {
      Matcher user = USER.matcher(list);
      assertEquals(true, user.matches(), list);
      users.put(user.group(1), list);
    }
    return users;
  }

  /** A line of the log: the event with its user, and with the record's time where it has none of its own. */
  private static String line(GeneratedEvents.Raw record) {
    String event = new String(record.value(), UTF_8);
    if (!event.endsWith("}")) return event;
    List<String> fields = new ArrayList<>();
    if (record.key() != null) {
      fields.add("\"user\":\"" + new String(record.key(), UTF_8).replace("\u0007", "\\u0007") + "\"");
    }
    if (!event.contains("\"at\":")) fields.add("\"at\":" + record.timestamp() / 1000);
    return "{" + String.join(",", fields) + "," + event.substring(1);
  }
}
